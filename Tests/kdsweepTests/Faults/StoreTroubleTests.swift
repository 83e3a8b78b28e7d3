import Dashboard
import Foundation
import GRDB
import Testing
import Waiting

@testable import kdsweep

/// A store that can't be written for a while: nothing is lost, nothing is acknowledged too early.
@Suite(.serialized, .timeLimit(.minutes(3))) struct StoreTroubleTests {
    private let network: Network
    private var workspace: Workspace { network.workspace }

    init() throws { network = try Network() }

    /// A coordinator and two workers amid the work.
    ///
    /// - Parameter body: what befalls them, before they go on at their usual speed.
    private func start(
        then body: (Command) throws -> Void
    ) throws -> (coordinator: Command, workers: [Command]) {
        let coordinator = try network.startCoordinator()
        let (workers, brake) = try network.startSlowWorkers(
            2, "--log-level", "info", untilStored: 5)
        defer { brake.release() }
        try body(coordinator)
        return (coordinator, workers)
    }

    private static let complaint = "could not be stored and will be tried again"

    private func checkComplete(_ coordinator: Command, _ workers: [Command]) throws {
        let run = try coordinator.wait()
        #expect(run.status == 0, "\(run.errors)")
        #expect(try workspace.csvs("results/sweep") == network.reference)
        let stored = try StoredTasks(network.results)
        #expect(stored.rows == 1440 && stored.cells == 1440 && stored.tasks.count == 40)
        #expect(stored.workers <= workers.count)
        for worker in workers { #expect(try worker.wait().status == 0) }
    }

    private func status() throws -> RunState {
        let run = try workspace.run("status", "results/sweep", "--json")
        return try Status(encoded: Data(run.output.utf8)).run
    }

    /// Fills the disk during the work and waits for what comes of it.
    private func startAndFill(
        _ disk: SmallDisk
    ) throws -> (coordinator: Command, workers: [Command]) {
        let (coordinator, workers) = try start { _ in try disk.fill() }
        try eventually { coordinator.errorsSoFar.contains(Self.complaint) }
        #expect(coordinator.errorsSoFar.contains("full"), "\(coordinator.errorsSoFar)")
        let stored = StoredTasks.count(network.results)
        try awaitIdleness(of: workers.map(\.pid))
        #expect(stored < 40 && StoredTasks.count(network.results) == stored)
        #expect(isRunning(coordinator.pid))
        // What was written of it last is whole.
        #expect(try status().state == .running)
        return (coordinator, workers)
    }

    @Test("A disk is full for a while: the run says so, goes on, and stores all once there is room")
    func fullDisk() throws {
        guard let disk = try SmallDisk(under: "results/sweep", of: workspace) else { return }
        let (coordinator, workers) = try startAndFill(disk)
        #expect(!workspace.exists("results/sweep/cells.csv"))
        try disk.makeRoom()
        try checkComplete(coordinator, workers)
        #expect(try status().state == .finished)
    }

    @Test("A coordinator is killed on a full disk: its workers have kept what it couldn't store")
    func fullDiskAndKilled() throws {
        guard let disk = try SmallDisk(under: "results/sweep", of: workspace) else { return }
        let (first, workers) = try startAndFill(disk)
        first.signal(SIGKILL)
        _ = try first.wait()
        try disk.makeRoom()
        let unstored = 40 - StoredTasks.count(network.results)
        let second = try network.startCoordinator()
        try checkComplete(second, workers)
        let tasks = try status().tasks
        #expect(tasks.finished == unstored)
        // The worker that comes first may be given some that the other has kept, but not its own.
        #expect(tasks.attempts < unstored)
    }

    @Test("A disk is full at the end: an error, no half of a CSV; the same command ends it later")
    func fullAtTheEnd() throws {
        guard let disk = try SmallDisk(under: "results/sweep", of: workspace) else { return }
        let (first, workers) = try start { $0.signal(SIGKILL) }
        _ = try first.wait()
        let second = try network.startCoordinator()
        // It waits for stragglers then, and writes the CSVs afterwards.
        try eventually { StoredTasks.count(network.results) == 40 }
        try disk.fill()
        let run = try second.wait()
        #expect(run.status == 1 && run.errors.contains("No space left on device"), "\(run.errors)")
        for worker in workers { #expect(try worker.wait().status == 0) }
        let names = try FileManager.default.contentsOfDirectory(atPath: network.results.path)
        #expect(!names.contains { $0.hasSuffix(".csv") || $0.hasSuffix(".partial") }, "\(names)")
        try disk.makeRoom()
        let last = try workspace.run("coordinator", "sweep.yaml", "--listen", "tcp://127.0.0.1:*")
        #expect(last.status == 0, "\(last.errors)")
        #expect(try workspace.csvs("results/sweep") == network.reference)
    }

    @Test("On a full disk an export fails with the reason and leaves the old CSVs whole")
    func export() throws {
        guard let disk = try SmallDisk(under: "results/sweep", of: workspace) else { return }
        #expect(try workspace.run("run", "sweep.yaml", "--workers", "2").status == 0)
        try disk.fill()
        for isThere in [true, false] {
            if !isThere {
                for file in ["cells.csv", "summary.csv", "best.csv"] {
                    try FileManager.default.removeItem(
                        at: network.results.appendingPathComponent(file))
                }
                try disk.fill()
            }
            let export = try workspace.run("export", "results/sweep")
            #expect(export.status == 2 && export.output == "", "\(export.output)")
            #expect(export.errors.contains("No space left on device"), "\(export.errors)")
            if isThere { #expect(try workspace.csvs("results/sweep") == network.reference) }
            let names = try FileManager.default.contentsOfDirectory(atPath: network.results.path)
            #expect(names.count { $0.hasSuffix(".csv") } == (isThere ? 3 : 0), "\(names)")
            #expect(!names.contains { $0.hasSuffix(".partial") }, "\(names)")
            let again = try workspace.run("run", "sweep.yaml")
            #expect(again.status == 2 && again.output == "", "\(again.output)")
            #expect(again.errors.contains("No space left") || again.errors.contains("full"))
            #expect(try status().state == .finished)
        }
        try disk.makeRoom()
        #expect(try workspace.run("export", "results/sweep").status == 0)
        #expect(try workspace.csvs("results/sweep") == network.reference)
    }

    @Test("A store locked by another process: the run says so, keeps its workers, stores all later")
    func locked() throws {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        configuration.busyMode = .timeout(10)
        let path = network.results.appendingPathComponent("sweep.sqlite").path
        var locker: DatabaseQueue?
        let (coordinator, workers) = try start { _ in
            locker = try DatabaseQueue(path: path, configuration: configuration)
            try locker!.writeWithoutTransaction { try $0.execute(sql: "BEGIN EXCLUSIVE") }
        }
        let other = try #require(locker)
        // Soon: a coordinator that waits for the lock hears nobody.
        try eventually(within: .soon) { coordinator.errorsSoFar.contains(Self.complaint) }
        #expect(coordinator.errorsSoFar.contains("locked"), "\(coordinator.errorsSoFar)")
        let stored = StoredTasks.count(network.results)
        try awaitIdleness(of: workers.map(\.pid))
        #expect(stored < 40 && StoredTasks.count(network.results) == stored)
        for worker in workers { #expect(!worker.errorsSoFar.contains("no word")) }
        try other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
        try other.close()
        try checkComplete(coordinator, workers)
    }
}
