import ArgumentParser
import Cluster
import Foundation
import Logging
import Sweep
import ZeroMQ

/// 100,000 empty tasks of one row through `kdsweep coordinator` and two worker processes, over TCP with
/// CURVE and with everything stored and exported, against the same assignments and results exchanged with two
/// processes by ZeroMQ alone.
///
/// The store is as durable as in every run: a result that a worker is told to forget survives kill -9 of the
/// coordinator.
///
/// Where the processors' time goes: a task takes some 50 us on two cores. With four cells it takes 60: 40 of
/// the coordinator's, of which a third is SQLite's and a quarter the export's, and 20 of a worker's.
func tasksFigure() throws -> Measurement {
    let run = try EmptyTasks(100_000)
    let (count, sweep) = (run.count, run.sweep)
    let ours = try run.time()
    let task = sweep.tasks[count / 2]
    let result = try PackedRows(
        emptyRows(of: task, sweep), of: task, metrics: sweep.metrics, sweepDigest: sweep.digest,
        seconds: 1e-6, threads: 1)
    let echo = Echo(
        order: Order.assign(Assignment(task: task.number, wanted: task.wanted)).encoded(),
        report: Report.result(result).encoded(), count: count)
    let theirs = try echo.time(in: run.folder)
    func rate(_ time: Duration) -> Double { Double(count) / (time / .seconds(1)) }
    return Measurement(
        what: "empty tasks stored, kept through kill -9",
        ours: "\(rounded(rate(ours))) a second",
        other: "\(rounded(rate(theirs))) a second, a ZeroMQ echo", ratio: theirs / ours,
        target: .atLeast(0.25))
}

/// A sweep with one cell in each task, run by `kdsweep coordinator` and two workers that compute nothing.
struct EmptyTasks {
    let count: Int
    let sweep: Sweep
    let folder: Scratch
    private let file: URL

    init(_ count: Int) throws {
        self.count = count
        folder = try Scratch()
        file = try folder.write(
            "empty.yaml",
            """
            task: {kind: gaussian-mixture, dimension: 2, components: 2, spread: 0.5, separation: 2}
            oracle_samples: 16
            test_samples: 16
            grid:
              width: infinite
              sample_size: 16
              soft_ratio: 1
              teacher_noise: 0
              depth: 1
              seed: {from: 0, to: \(count - 1), count: \(count)}
            """)
        sweep = try Sweep(file: file)
        precondition(
            sweep.tasks.count == count && sweep.grid.count == count, "a task for each cell")
    }

    /// Wall time from the workers' start until workers and coordinator have ended, with a new results folder.
    ///
    /// - Parameters:
    ///   - options: more options for the coordinator.
    ///   - prepare: called with the coordinator before the workers are started.
    func time(
        _ options: [String] = [], after prepare: (Program.Started) throws -> Void = { _ in }
    ) throws -> Duration {
        let results = folder.url.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: results) }
        let coordinator = try Program.Started(
            .kdsweep,
            ["coordinator", file.path, "--listen", "tcp://127.0.0.1:*", "--output", results.path]
                + options, in: folder)
        try coordinator.await("listening on")
        try prepare(coordinator)
        let version = try Program.kdsweep.run(["--version"], in: folder).output
        let build = version.trimmingCharacters(in: .newlines).replacing("kdsweep ", with: "")
        return try wallTime {
            let workers = try (0..<2).map { _ in
                try Program.Started(.errand, ["work-errand", build], in: folder)
            }
            for worker in workers { _ = try worker.wait() }
            _ = try coordinator.wait()
        }
    }
}

private func emptyRows(of block: Block, _ sweep: Sweep) -> [Row] {
    block.wanted.joined().map { place in
        Row(
            cell: block.cellNumber(at: place), status: .ok,
            values: sweep.metrics.map { _ in Double(block.number % 1000) / 1000 })
    }
}

/// Has the rows at once.
private struct Instant: Solving {
    let sweep: Sweep

    func attach(_ bytes: Data, digest: String) {}

    func solve(_ block: Block) -> [Row] { emptyRows(of: block, sweep) }
}

/// A worker that has its results at once.
struct WorkErrand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "work-errand", shouldDisplay: false)

    /// The coordinator's build, which the worker says it is of: a coordinator takes no other.
    @Argument var build: String

    func run() throws {
        let access = try AccessFile(contentsOf: try AccessFolder().newest())
        let log = Logger(label: "worker")
        let worker = try Worker(
            endpoint: try Approach(access, log: log).endpoint(), access: access,
            dismissal: try Doorbell(), lifeline: nil, log: log, build: build
        ) { sweep, _ in Instant(sweep: sweep) }
        let ending = try worker.run()
        guard ending == .stopped else {
            throw Program.Failure(description: "the worker ended as \(ending)")
        }
    }
}
