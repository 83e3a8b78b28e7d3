import Foundation
import Results
import Sweep

/// 2 widths x 2 sample sizes x 2 soft ratios x 2 noises x 2 seeds by default: 32 cells in 4 blocks.
func smallSweep(
    width: [Width] = [.finite(64), .infinite], sampleSize: [Int] = [16, 8],
    softRatio: [Double] = [0, 0.3], ridge: [Double] = [0], depth: [Int] = [3],
    seed: [Int] = [0, 1], metrics: [Metric] = [.transferRisk, .weightNorm],
    oracleSamples: Int = 64
) -> Sweep {
    Sweep(
        name: "small",
        settings: Settings(
            learningTask: .gaussianMixture(
                GaussianMixture(dimension: 2, components: 2, spread: 0.5, separation: 1)),
            student: Student(activation: .relu, weightScale: 2.0.squareRoot(), biasScale: 0.1),
            teacherNoise: .gaussian, hardLabelSmoothing: 0.001, oracleSamples: oracleSamples,
            testSamples: 100),
        grid: Grid(
            width: width, sampleSize: sampleSize, softRatio: softRatio, teacherNoise: [0, 1e-5],
            temperature: [1], depth: depth, ridge: ridge, seed: seed),
        metrics: metrics)
}

extension Sweep {
    /// A block's task as a worker would answer it, `value(cell, metric)` being each value.
    func computed(
        block number: Int, status: Status = .ok, error: String = "",
        value: (Int, Metric) -> Double = { Double($0) + 0.25 * Double($1.rawValue.utf8.count) }
    ) -> Computed {
        let block = block(number)
        let rows = block.wanted.joined().map { place in
            let cell = block.cellNumber(at: place)
            let values = metrics.map { status == .failed ? .nan : value(cell, $0) }
            return Row(cell: cell, status: status, values: values, error: error)
        }
        return Computed(
            task: number, rows: rows, host: "node-7", pid: 4711,
            finishedAt: Date(timeIntervalSince1970: 1_700_000_000), seconds: 1.5)
    }

    /// Of each block that has cells.
    var everything: [Computed] {
        (0..<blockCount).map { computed(block: $0) }.filter { !$0.rows.isEmpty }
    }
}

extension Store {
    func rows() throws -> [Row] {
        var rows: [Row] = []
        try forEachRow { rows.append($0) }
        return rows
    }

    /// Runs a sweep whose tasks end as given.
    func run(_ sweep: Sweep, _ computed: [Computed]) throws {
        try begin(sweep, at: Date(timeIntervalSince1970: 0))
        try insert(computed)
    }
}

/// A new folder below the temporary one, given to `body` and then removed.
func withFolder<Value>(_ body: (ResultsFolder) throws -> Value) throws -> Value {
    let url = FileManager.default.temporaryDirectory.appending(path: "kdsweep-\(UUID())")
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(ResultsFolder(at: url))
}

func text(_ url: URL) throws -> String { try String(contentsOf: url, encoding: .utf8) }
