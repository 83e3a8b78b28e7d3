import Cluster
import Foundation
import Host
import Results
import Sweep

/// Seconds for each row, measured on some thousands that are stored and exported in a temporary folder.
struct RowTiming {
    var storing: Double
    var exporting: Double

    static func measured() throws -> RowTiming {
        let place = try PrivateFolder()
        let folder = ResultsFolder(at: URL(filePath: place.path))
        let store = try Store(in: folder, for: .running)
        try store.begin(sweep, at: Date())
        let tasks = sweep.tasks
        let results = (0..<tasks.count).map { number in
            Computed(
                task: number, rows: rows(of: tasks[number]), host: "", pid: 0,
                finishedAt: Date(), seconds: 0)
        }
        let clock = ContinuousClock()
        let start = clock.now
        for result in results { try store.insert([result]) }
        let stored = clock.now
        _ = try store.export(to: folder, processors: Cores.current.count)
        let count = Double(sweep.grid.cellCount)
        return RowTiming(
            storing: (stored - start) / .seconds(1) / count,
            exporting: (clock.now - stored) / .seconds(1) / count)
    }

    private static let sweep = Sweep(
        name: "measurement",
        settings: Settings(
            learningTask: .gaussianMixture(
                GaussianMixture(dimension: 2, components: 2, spread: 0.5, separation: 2)),
            student: Student(activation: .relu, weightScale: 1.4, biasScale: 0.1),
            teacherNoise: .gaussian, hardLabelSmoothing: 0.001, oracleSamples: 16, testSamples: 16),
        grid: Grid(
            width: [.infinite], sampleSize: Array(1...10),
            softRatio: (0..<20).map { Double($0) / 20 }, teacherNoise: [0], temperature: [1],
            depth: [1], ridge: [0], seed: Array(0..<40)),
        metrics: Metric.allCases)

    /// Rows as long as real ones: shares have few digits, as the test points' counts give them, and other
    /// metrics have sixteen.
    private static func rows(of task: Block) -> [Row] {
        task.wanted.joined().map { place in
            let cell = task.cellNumber(at: place)
            let values = sweep.metrics.map { metric in
                let part = Double((cell * 7 + metric.rawValue.count) % 100 + 1) / 101
                return metric.isShare ? (part * 16).rounded() / 16 : part.squareRoot()
            }
            return Row(cell: cell, status: .ok, values: values)
        }
    }
}
