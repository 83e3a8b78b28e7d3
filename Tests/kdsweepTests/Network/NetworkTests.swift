import Foundation
import Testing
import Waiting

/// Coordinators and workers as they run on different machines, over TCP.
@Suite(.serialized, .timeLimit(.minutes(2))) struct NetworkTests {
    private let network: Network
    private var workspace: Workspace { network.workspace }

    init() throws { network = try Network() }

    private func checkComplete(_ coordinator: Command) throws {
        let run = try coordinator.wait()
        #expect(run.status == 0, "\(run.errors)")
        #expect(try workspace.csvs("results/sweep") == network.reference)
        let stored = try StoredTasks(network.results)
        #expect(stored.rows == stored.cells && stored.cells == 1440)
    }

    @Test("A coordinator and two workers write the bytes of a run; the keys are private, and go")
    func sameBytes() throws {
        let coordinator = try network.startCoordinator()
        let file = try #require(network.accessFiles().first)
        #expect(try mode(file) == 0o600 && mode(network.accessFolder) == 0o700)
        #expect(try mode(network.identity) == 0o600)
        #expect(coordinator.errorsSoFar.contains("kdsweep worker --access \(file.path)"))
        try eventually { coordinator.errorsSoFar.contains("0/1440 cells, 0 workers") }
        let workers = [
            try network.startWorker(), try network.startWorker("--access", file.path),
        ]
        try checkComplete(coordinator)
        for worker in workers {
            let ended = try worker.wait()
            #expect(ended.status == 0 && ended.errors == "", "\(ended.errors)")
        }
        #expect(network.accessFiles().isEmpty)
        #expect(!FileManager.default.fileExists(atPath: network.identity.path))
    }

    @Test("A coordinator that is killed and started again goes on with the same workers")
    func restart() throws {
        let first = try network.startCoordinator()
        let (workers, brake) = try network.startSlowWorkers(2, untilStored: 5)
        first.signal(SIGKILL)
        brake.release()
        _ = try first.wait()
        let before = StoredTasks.count(network.results)
        #expect(before < 40)
        let port = try network.port()
        // They finish what they have meanwhile.
        try awaitIdleness(of: workers.map(\.pid))
        #expect(workers.allSatisfy { isRunning($0.pid) })
        let second = try network.startCoordinator()
        #expect(try network.port() == port && network.accessFiles().count == 1)
        try checkComplete(second)
        for worker in workers { #expect(try worker.wait().status == 0) }
        #expect(try StoredTasks(network.results).workers <= 2)
    }

    @Test("Whoever waits for a coordinator when nothing is left to do is sent home")
    func stragglers() throws {
        let first = try network.startCoordinator()
        let (workers, brake) = try network.startSlowWorkers(1, untilStored: 2)
        first.signal(SIGKILL)
        brake.release()
        _ = try first.wait()
        #expect(try workspace.run("run", "sweep.yaml", "--workers", "1").status == 0)
        #expect(isRunning(workers[0].pid))
        try checkComplete(try network.startCoordinator())
        #expect(try workers[0].wait().status == 0)
    }

    @Test("An interrupted coordinator sends its workers home, takes its access file along, resumes")
    func interrupted() throws {
        let first = try network.startCoordinator()
        let (workers, brake) = try network.startSlowWorkers(1, untilStored: 2)
        first.signal(SIGINT)
        brake.release()
        #expect(try first.wait().status == 130)
        #expect(try workers[0].wait().status == 0)
        #expect(network.accessFiles().isEmpty)
        let second = try network.startCoordinator()
        let other = try network.startWorker()
        try checkComplete(second)
        #expect(try other.wait().status == 0)
    }

    @Test(
        "A worker leaves when it is asked to, when its time is up, and when there is nothing to do")
    func leaving() throws {
        let coordinator = try network.startCoordinator()
        for signal in [SIGTERM, SIGINT] {
            let stored = StoredTasks.count(network.results)
            let (workers, brake) = try network.startSlowWorkers(1, untilStored: stored + 1)
            let asked = ContinuousClock.now
            workers[0].signal(signal)
            brake.release()
            #expect(try workers[0].wait().status == 0)
            #expect(ContinuousClock.now - asked < .soon)
            #expect(StoredTasks.count(network.results) < 40, "it left, and the sweep wasn't over")
        }
        let endless = try network.startWorker()
        let limited = try network.startWorker("--time-limit", "1")
        let ended = try limited.wait()
        #expect(ended.status == 0)
        try checkComplete(coordinator)
        #expect(try endless.wait().status == 0)
    }

    @Test("A worker that waits for a dead coordinator gives up after its idle timeout")
    func idle() throws {
        let coordinator = try network.startCoordinator()
        let (workers, brake) = try network.startSlowWorkers(
            1, "--idle-timeout", "2s", untilStored: 1)
        coordinator.signal(SIGKILL)
        brake.release()
        let ended = try workers[0].wait()
        #expect(ended.status == 0)
        #expect(ended.errors.contains("out of reach") && ended.errors.contains("nothing to do"))
        #expect(StoredTasks.count(network.results) < 40)
    }
}
