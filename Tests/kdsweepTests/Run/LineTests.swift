import Foundation
import Testing
import Waiting

/// Some forty tasks of tens of milliseconds, with finite and infinite students and more than one ridge.
let fortyTasks = """
    task: {kind: gaussian-mixture, dimension: 4, components: 8, spread: 0.5, separation: 2, seed: 1}
    oracle_samples: 320
    test_samples: 200
    grid:
      width: [48, infinite]
      sample_size: [20, 80, 300]
      soft_ratio: [0, 0.2, 1]
      teacher_noise: [0, 1]
      depth: 2
      ridge: [0, 0.01]
      seed: {from: 0, to: 19, count: 20}
    """
private let tasks = 40
private let cells = 2 * 3 * 3 * 2 * 2 * 20

/// The same bytes, whatever the workers and whatever happens to them; and nothing computed twice.
struct LineTests {
    /// What an undisturbed run with one worker writes.
    static let reference = Result {
        let workspace = try Workspace()
        try workspace.write("sweep.yaml", fortyTasks)
        let run = try workspace.run("run", "sweep.yaml", "--workers", "1")
        try #require(run.status == 0, "\(run.errors)")
        return try workspace.csvs("results/sweep")
    }

    private let workspace: Workspace
    private let reference: [String]

    init() throws {
        workspace = try Workspace()
        try workspace.write("sweep.yaml", fortyTasks)
        reference = try Self.reference.get()
    }

    private var results: URL { workspace.folder.appendingPathComponent("results/sweep") }

    private func start(workers: Int) throws -> Command {
        try Command(
            ["run", "sweep.yaml", "--workers", "\(workers)"], in: workspace.folder)
    }

    /// As `start`, with workers so slow that the run isn't over before the test has done its worst.
    private func startSlowly(workers count: Int) throws -> (command: Command, brake: Brake) {
        let command = try start(workers: count)
        var workers: [pid_t] = []
        try eventually {
            workers = command.workers
            return workers.count == count
        }
        return (command, Brake(workers))
    }

    @Test("Every cell has a row, in grid order")
    func rows() throws {
        let table = CSVTable(reference[0])
        #expect(table.rows.count == cells)
        #expect(table.rows.allSatisfy { $0["status"] == "ok" })
        #expect(table.rows[0]["width"] == "48" && table.rows[cells - 1]["width"] == "inf")
        #expect(table.rows.prefix(20).map { $0["seed"] } == (0..<20).map { "\($0)" })
        #expect(CSVTable(reference[1]).rows.count == cells / 20)
    }

    @Test("Two and three workers write the bytes that one writes", arguments: [2, 3])
    func workers(count: Int) throws {
        let run = try start(workers: count).wait()
        #expect(run.status == 0, "\(run.errors)")
        #expect(try workspace.csvs("results/sweep") == reference)
        let stored = try StoredTasks(results)
        #expect(stored.tasks.count == tasks && stored.cells == cells && stored.rows == cells)
        #expect(stored.workers == count)
    }

    @Test("A second run computes nothing; an export writes the same")
    func resumesComplete() throws {
        _ = try start(workers: 2).wait()
        let again = try start(workers: 2).wait()
        #expect(again.status == 0)
        #expect(again.errors.contains("\(cells) were stored already"))
        #expect(try StoredTasks(results).tasks.count == tasks)
        try FileManager.default.removeItem(at: results.appendingPathComponent("cells.csv"))
        let export = try workspace.run("export", "results/sweep")
        #expect(export.status == 0, "\(export.errors)")
        #expect(try workspace.csvs("results/sweep") == reference)
    }

    @Test("Interrupted and resumed, thrice: the same bytes, and each task computed once")
    func interrupted() throws {
        for round in 1...3 {
            let (command, brake) = try startSlowly(workers: 2)
            defer { brake.release() }
            try eventually { StoredTasks.count(results) >= round * 3 }
            let workers = command.workers
            let asked = ContinuousClock.now
            command.signal(SIGINT)
            brake.release()
            let run = try command.wait()
            let took = ContinuousClock.now - asked
            #expect(run.status == 130, "\(run.errors)")
            #expect(took < .soon, "took \(took)")
            #expect(run.errors.contains("interrupted"))
            #expect(run.errors.contains("`kdsweep export results/sweep` writes the CSVs"))
            #expect(!workspace.exists("results/sweep/cells.csv"))
            #expect(!workers.isEmpty && !workers.contains(where: isRunning))
        }
        let before = try StoredTasks(results)
        #expect(before.rows == before.cells && before.tasks.count < tasks)
        // Seed by seed: what is there has students of both widths, not one width with more seeds.
        #expect(try workspace.run("export", "results/sweep").status == 0)
        let partial = try CSVTable(workspace.read("results/sweep/cells.csv"))
        let seeds = ["48", "inf"].map { width in
            Set(partial.rows.filter { $0["width"] == width }.compactMap { $0["seed"] }).count
        }
        #expect(abs(seeds[0] - seeds[1]) <= 3, "\(seeds)")
        let last = try start(workers: 2).wait()
        #expect(last.status == 0, "\(last.errors)")
        let stored = try StoredTasks(results)
        #expect(stored.cells == cells && stored.rows == cells)
        #expect(Set(stored.tasks.map(\.block)).count == tasks && stored.tasks.count == tasks)
        #expect(try workspace.csvs("results/sweep") == reference)
    }

    @Test("Killed workers are replaced and their tasks solved again")
    func killedWorkers() throws {
        let (command, brake) = try startSlowly(workers: 2)
        defer { brake.release() }
        var killed: Set<pid_t> = []
        // Twice: a task that loses its worker three times would be given up as poisonous.
        while killed.count < 2 {
            let round = killed.count
            try eventually { StoredTasks.count(results) >= round * 3 + 1 }
            guard let victim = command.workers.first(where: { !killed.contains($0) }) else {
                continue
            }
            kill(victim, SIGKILL)
            killed.insert(victim)
        }
        brake.release()
        let run = try command.wait()
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("killed by signal 9"))
        #expect(try workspace.csvs("results/sweep") == reference)
        let stored = try StoredTasks(results)
        #expect(stored.tasks.count == tasks && stored.cells == cells && stored.rows == cells)
    }

    @Test("A killed coordinator takes its workers with it; what it stored is resumed from")
    func killedCoordinator() throws {
        let (command, brake) = try startSlowly(workers: 2)
        defer { brake.release() }
        try eventually { StoredTasks.count(results) >= 8 }
        let workers = command.workers
        #expect(workers.count == 2)
        command.signal(SIGKILL)
        _ = try command.wait()
        try eventually(within: .soon) { !workers.contains(where: isRunning) }
        let before = try StoredTasks(results).tasks.count
        #expect(before >= 8 && before < tasks)
        let run = try start(workers: 2).wait()
        #expect(run.status == 0, "\(run.errors)")
        #expect(try StoredTasks(results).tasks.count == tasks)
        #expect(try workspace.csvs("results/sweep") == reference)
    }

    @Test("Workers ignore the terminal's interrupt; SIGTERM hands their tasks back")
    func workerSignals() throws {
        let (command, brake) = try startSlowly(workers: 2)
        defer { brake.release() }
        try eventually { StoredTasks.count(results) >= 2 }
        let workers = command.workers
        for worker in workers { kill(worker, SIGINT) }
        let stored = StoredTasks.count(results)
        try eventually { StoredTasks.count(results) > stored + 1 }
        #expect(workers.allSatisfy(isRunning))
        kill(workers[0], SIGTERM)
        try eventually(within: .soon) { !isRunning(workers[0]) }
        #expect(StoredTasks.count(results) < tasks, "it left, and the sweep wasn't over")
        brake.release()
        let run = try command.wait()
        #expect(run.status == 0, "\(run.errors)")
        #expect(try workspace.csvs("results/sweep") == reference)
    }

    @Test("A second run on the same folder is refused while the first goes on")
    func inUse() throws {
        let (command, brake) = try startSlowly(workers: 1)
        defer { brake.release() }
        try eventually { StoredTasks.count(results) >= 1 }
        let second = try start(workers: 1).wait()
        #expect(second.status == 2)
        #expect(second.errors.contains("in use"))
        // An export beside it writes what there is.
        let export = try workspace.run("export", "results/sweep")
        #expect(export.status == 0, "\(export.errors)")
        let partial = CSVTable(try workspace.read("results/sweep/cells.csv")).rows.count
        #expect(partial > 0 && partial < cells)
        brake.release()
        #expect(try command.wait().status == 0)
        #expect(try workspace.csvs("results/sweep") == reference)
    }
}
