import Foundation
import Testing
import Waiting

/// A coordinator is killed amid the work, and the next one of the same folder isn't quite the same: with
/// the workers that wait for it the sweep is completed, as if nothing had been.
@Suite(.serialized, .timeLimit(.minutes(10))) struct TakeoverTests {
    private let network: Network
    private var workspace: Workspace { network.workspace }

    init() throws { network = try Network() }

    private static let command = ["coordinator", "sweep.yaml", "--listen", "tcp://127.0.0.1:*"]

    /// Kills a coordinator while its worker holds tasks, has `change` done meanwhile, starts another one
    /// and has it complete the sweep.
    ///
    /// - Returns: what the worker has said.
    private func takeOver(
        stored: Int = 2, by command: [String] = command, after change: () throws -> Void = {}
    ) throws -> String {
        let first = try network.startCoordinator()
        let (workers, brake) = try network.startSlowWorkers(1, untilStored: stored)
        defer { brake.release() }
        first.signal(SIGKILL)
        _ = try first.wait()
        try change()
        let second = try Command(command, in: workspace.folder)
        try eventually { second.errorsSoFar.contains("listening on") }
        brake.release()
        let run = try second.wait()
        #expect(run.status == 0, "\(run.errors)")
        #expect(!run.errors.contains("malformed"), "\(run.errors)")
        let worker = try workers[0].wait()
        #expect(worker.status == 0, "the worker did all that there was: \(worker.errors)")
        let stored = try StoredTasks(network.results)
        #expect(stored.rows == stored.cells)
        return worker.errors
    }

    private func table() throws -> CSVTable {
        CSVTable(try workspace.read("results/sweep/cells.csv"))
    }

    /// What an undisturbed run of this sweep writes.
    private func reference(_ sweep: String) throws -> [String] {
        let other = try Workspace()
        try other.write("sweep.yaml", sweep)
        let run = try other.run("run", "sweep.yaml", "--workers", "1")
        #expect(run.status == 0, "\(run.errors)")
        return try other.csvs("results/sweep")
    }

    @Test("With other threads: what was done counts, and nothing is done twice")
    func otherThreads() throws {
        _ = try takeOver(by: Self.command + ["--threads", "2"])
        #expect(try table().rows.count == 1440 && table().rows.allSatisfy { $0["status"] == "ok" })
        let stored = try StoredTasks(network.results)
        #expect(stored.tasks.count == 40 && stored.cells == 1440 && stored.workers == 1)
    }

    @Test("With a seed more: every task has another number, and no healthy worker ends")
    func editedSweep() throws {
        let edited = fortyTasks.replacing("to: 19, count: 20", with: "to: 20, count: 21")
        let words = try takeOver { try workspace.write("sweep.yaml", edited) }
        #expect(words.contains("tasks of the last one are dropped"), "\(words)")
        #expect(try workspace.csvs("results/sweep") == reference(edited))
    }

    @Test("A failure under the sweep that was mended isn't one under the sweep that is")
    func mendedSweep() throws {
        let spoilt = fortyTasks + "\nstudent: {weight_scale: 1e80}\n"
        let mended = fortyTasks + "\nstudent: {weight_scale: 1.5}\n"
        try workspace.write("sweep.yaml", spoilt)
        _ = try takeOver { try workspace.write("sweep.yaml", mended) }
        #expect(try workspace.csvs("results/sweep") == reference(mended))
    }

    @Test("With a store in which another run has stored a part: what is wanted of a result counts")
    func movedStore() throws {
        let part = fortyTasks.replacing("[0, 0.2, 1]", with: "[0.2]")
        let words = try takeOver {
            try workspace.write("part.yaml", part)
            let run = try workspace.run(
                "run", "part.yaml", "--output", "results/sweep", "--workers", "1")
            #expect(run.status == 0, "\(run.errors)")
        }
        #expect(!words.contains("dropped"), "\(words)")
        #expect(try table().rows.count == 1440 && table().rows.allSatisfy { $0["status"] == "ok" })
    }

    @Test("At another address: a worker that waits reads the access file again")
    func anotherAddress() throws {
        // As on another login node: nobody answers at the old address any more.
        let words = try takeOver(
            by: ["coordinator", "sweep.yaml", "--listen", "tcp://127.0.0.2:*"])
        #expect(words.contains("the coordinator is at tcp://127.0.0.2:"), "\(words)")
        #expect(try workspace.csvs("results/sweep") == network.reference)
        #expect(try StoredTasks(network.results).workers == 1)
    }

    @Test("A worker that is started first waits for the access file, then for the coordinator")
    func workerFirst() throws {
        let worker = try network.startWorker()
        try eventually { worker.errorsSoFar.contains("waiting for the coordinator: there is no") }
        let first = try network.startCoordinator()
        try eventually { StoredTasks.count(network.results) > 0 }
        first.signal(SIGKILL)
        _ = try first.wait()
        let other = try network.startWorker()
        try eventually { other.errorsSoFar.contains("connection refused") }
        #expect(isRunning(other.pid) && isRunning(worker.pid))
        let second = try network.startCoordinator()
        let run = try second.wait()
        #expect(run.status == 0, "\(run.errors)")
        #expect(try workspace.csvs("results/sweep") == network.reference)
        #expect(try worker.wait().status == 0)
        // It may come when all is done, and wait for the next.
        other.signal(SIGTERM)
        #expect([0, SIGTERM].contains(try other.wait().status))
    }

    @Test(
        "It waits as long as it would for tasks, and leaves in order",
        arguments: [["--idle-timeout", "1s"], ["--time-limit", "1s"]])
    func waitingInVain(limit: [String]) throws {
        let run = try Command(["worker"] + limit, in: workspace.folder).wait()
        #expect(
            run.status == 0 && run.errors.contains("waiting for the coordinator"), "\(run.errors)")
        #expect(
            run.errors.contains(
                limit[0] == "--time-limit" ? "time limit has come" : "nothing to do"))
        // What a launcher started is to say at once what is in the way: its coordinator shows it.
        let launched = try Command(
            ["worker"] + limit, in: workspace.folder, environment: ["KDSWEEP_JOB": "7"]
        ).wait()
        #expect(launched.status == 2 && launched.errors.contains("there is no access file"))
    }

    @Test("Who comes during the farewell is let in, to be told to go at once")
    func farewell() throws {
        try workspace.writeUnstoppableLauncher("slow")
        let coordinator = try Command(
            Self.command + ["--launch", "./slow:max=1", "--log-level", "info"],
            in: workspace.folder)
        try eventually { coordinator.errorsSoFar.contains("listening on") }
        let (workers, brake) = try network.startSlowWorkers(1, untilStored: 1)
        defer { brake.release() }
        coordinator.signal(SIGINT)
        brake.release()
        #expect(try workers[0].wait().status == 0)
        let late = try network.startWorker()
        let begun = ContinuousClock.now
        let ended = try late.wait()
        let took = ContinuousClock.now - begun
        #expect(ended.status == 0 && ended.errors == "", "\(ended.errors)")
        #expect(took < .soon, "took \(took)")
        #expect(coordinator.status == nil, "it waits for its launcher still")
        coordinator.signal(SIGKILL)
        _ = try coordinator.wait()
    }
}
