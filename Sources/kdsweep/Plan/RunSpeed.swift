import Cluster
import Distillation
import Foundation
import LinearAlgebra
import Results
import Sweep

/// How fast this machine runs a sweep: its blocks, and the rest of a run.
struct RunSpeed: Hashable, Codable {
    /// How fast one worker solves blocks while the others work too.
    var blocks: MachineSpeed
    /// Seconds in which the coordinator stores a row, and exports one.
    var storing: Double
    var exporting: Double
    /// Seconds that a run takes which has next to nothing to do.
    var starting: Double
    /// Seconds to read a byte of a table, and to send it to a worker.
    var table: TableTiming

    /// Measures this machine, in some two seconds.
    ///
    /// - Parameter processes: how many are measured at once: as many as a run would keep busy, since they
    ///   share the memory's bandwidth.
    /// - Throws: if a process can't be started or fails, or a file can't be written.
    static func measured(processes: Int, threads: Int) throws -> RunSpeed {
        BLASPatience.boundInChildren()
        let command = [MeasureCommand.configuration.commandName!, "--threads", "\(threads)"]
        let children = try (0..<processes).map { _ in try Child(command) }
        let speeds = try children.map {
            try JSONDecoder().decode(MachineSpeed.self, from: try $0.printed())
        }
        let clock = ContinuousClock()
        var start = Duration.seconds(1000)
        for _ in 0..<3 {
            let before = clock.now
            _ = try Child(["--version"]).printed()
            start = min(start, clock.now - before)
        }
        let rows = try RowTiming.measured()
        return RunSpeed(
            blocks: .mean(of: speeds), storing: rows.storing, exporting: rows.exporting,
            starting: startsOfARun * (start / .seconds(1)), table: try .measured())
    }

    /// How many starts of an idle process a whole run takes as long as: two are the coordinator's and the
    /// workers' own, and in the rest they meet and end.
    private static let startsOfARun = 5.0
}

/// A process of this executable, and what it prints.
private final class Child {
    private let process = Process()
    private let output = Pipe()
    private let end = DispatchSemaphore(value: 0)

    /// - Throws: if it can't be started.
    init(_ arguments: [String]) throws {
        process.executableURL = URL(filePath: runningImage)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.terminationHandler = { [end] _ in end.signal() }
        try process.run()
    }

    /// Waits for the process' end and returns what it printed.
    ///
    /// - Throws: if the process fails.
    func printed() throws -> Data {
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        // `waitUntilExit` looks only every 50 ms, which would be added to the time that is measured.
        end.wait()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw MeasurementError()
        }
        return data
    }
}

struct MeasurementError: Error, CustomStringConvertible {
    var description: String { "a process that was to measure this machine has failed" }
}

/// Seconds for each row, measured on some thousands that are stored and exported in a temporary folder.
private struct RowTiming {
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
