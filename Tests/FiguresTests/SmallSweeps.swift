import Figures
import Foundation
import Results
import Sweep

/// Three widths, three sample sizes, three soft ratios, two noises and two seeds by default.
func smallSweep(
    width: [Width] = [.finite(64), .finite(256), .infinite], model: [Model] = [.linearised],
    steps: [Steps] = [.infinite], sampleSize: [Int] = [16, 32, 64],
    softRatio: [Double] = [0, 0.3, 1], teacherNoise: [Double] = [0, 0.5],
    temperature: [Double] = [1], ridge: [Double] = [0], depth: [Int] = [3], seed: [Int] = [0, 1],
    metrics: [Metric] = Metric.allCases, oracleSamples: Int = 128
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
            width: width, model: model, steps: steps, sampleSize: sampleSize, softRatio: softRatio,
            teacherNoise: teacherNoise,
            temperature: temperature, depth: depth, ridge: ridge, seed: seed),
        metrics: metrics)
}

/// What a cell's metric is taken to be: no two of a small sweep's are the same.
func value(_ cell: Cell, _ metric: Metric) -> Double {
    let width =
        switch cell.width {
        case .finite(let units): 1 / Double(units)
        case .infinite: 0.0
        }
    let norm: Double? =
        switch metric {
        case .weightNormLower: Double(NormWindow(around: cell.sampleSize).lower)
        case .weightNormUpper: Double(NormWindow(around: cell.sampleSize).upper)
        default: nil
        }
    // |Delta_n| = n^rho: its slope over ln n is the soft ratio.
    if let norm { return pow(norm, cell.softRatio) }
    let place = Double(Metric.allCases.firstIndex(of: metric)! + 1)
    return place / Double(cell.sampleSize) + width + abs(cell.softRatio - 0.4) / 10
        + cell.teacherNoise * cell.softRatio / 10 + cell.temperature / 1000
        + Double(cell.seed) / 100
}

/// A store of the sweep's cells, given to `body`.
///
/// - Parameters:
///   - status: of a cell; nil for one that isn't computed.
///   - value: of a cell's metric.
func withStore<Value>(
    of sweep: Sweep, status: (Cell) -> Status? = { _ in .ok },
    value: (Cell, Metric) -> Double = value,
    _ body: (Store, ResultsFolder) throws -> Value
) throws -> Value {
    let url = FileManager.default.temporaryDirectory.appending(path: "kdsweep-\(UUID())")
    defer { try? FileManager.default.removeItem(at: url) }
    let folder = ResultsFolder(at: url)
    let store = try Store(in: folder, for: .running)
    try store.begin(sweep, at: Date(timeIntervalSince1970: 0))
    let rows = (0..<sweep.grid.count).filter(sweep.grid.exists).compactMap { number -> Row? in
        let cell = sweep.grid[number]
        guard let status = status(cell) else { return nil }
        let values = sweep.metrics.map { status == .ok ? value(cell, $0) : .nan }
        return Row(
            cell: number, status: status, values: values, error: status == .failed ? "no" : "")
    }
    try store.insert([
        Computed(
            task: 0, rows: rows, host: "node-7", pid: 4711,
            finishedAt: Date(timeIntervalSince1970: 0), seconds: 1)
    ])
    return try body(store, folder)
}

extension Figure.Panel {
    var curves: [Figure.Curve] {
        switch content {
        case .curves(let curves): curves
        case .map: []
        }
    }
}

/// The standard figures of the sweep's cells, by name.
func figures(
    _ sweep: Sweep, status: (Cell) -> Status? = { _ in .ok }
) throws -> [String: Figure] {
    try withStore(of: sweep, status: status) { store, _ in
        let figures = try store.figures(Sketch.standard(of: sweep))
        return Dictionary(uniqueKeysWithValues: figures.map { ($0.name, $0) })
    }
}
