import Foundation
import Host
import Synchronization
import Testing
import Waiting
import ZeroMQ

@testable import Cluster

/// What a worker does when its surroundings change.
@Suite(.ownThread, .timeLimit(.minutes(2))) struct WorkerTests {
    /// Holds a solver in its task until it is let go.
    private final class Gate: Sendable {
        private let entered = DispatchSemaphore(value: 0)
        private let open = DispatchSemaphore(value: 0)

        func pass() {
            entered.signal()
            open.wait()
        }

        func waitForEntry() throws {
            try #require(entered.wait(timeout: .now() + 30) == .success, "no task was begun")
        }

        func letGo() { open.signal() }
    }

    @Test func aResultOutlivesTheCoordinatorItWasFor() throws {
        let folder = try PrivateFolder()
        let gate = Gate()
        let solved = Mutex(0)
        let worker = try startWorker(at: folder.endpoint) { block in
            solved.withLock { $0 += 1 }
            gate.pass()
            return rows(of: block)
        }
        do {
            let first = try Socket(.router, in: Context(), settings: .init(linger: .zero))
            try first.bind(to: folder.endpoint)
            try #require(try poll([.socket(first)], for: .seconds(20)) == [true])
            let session = try #require(try first.receive())[0]
            for order in [
                Order.welcome(Welcome(sweep: sweep, threads: 1, incarnation: 1)),
                .assign(Assignment(task: 0, wanted: blocks[0].wanted)),
            ] { _ = try first.send([session, order.encoded()]) }
            try gate.waitForEntry()
        }
        gate.letGo()
        let second = try startCoordinator(at: folder.endpoint, blocks: [blocks[0]])
        #expect(try second.value().rows == sorted(blocks[0]))
        #expect(try worker.value() == .stopped)
        #expect(solved.withLock { $0 } == 1, "nothing is computed twice")
    }

    @Test func aDismissedWorkerLeavesAtOnceAndItsTasksGoToOthers() throws {
        let folder = try PrivateFolder()
        let gate = Gate()
        let dismissal = try Doorbell()
        let leaving = try startWorker(
            at: folder.endpoint, timing: Timing(), dismissal: dismissal
        ) { block in
            gate.pass()
            return rows(of: block)
        }
        let coordinator = try startCoordinator(
            at: folder.endpoint, timing: Timing(), crashLimit: 1)
        try gate.waitForEntry()
        let start = ContinuousClock.now
        dismissal.ring()
        #expect(try leaving.value() == .dismissed)
        #expect(ContinuousClock.now - start < Timing().silence)
        let other = try startWorker(at: folder.endpoint, timing: Timing())
        let run = try coordinator.value()
        #expect(run.rows == everyRow, "a release is no crash")
        #expect(ContinuousClock.now - start < Timing().silence, "nobody waited for silence")
        #expect(try other.value() == .stopped)
        gate.letGo()
    }

    @Test func anOrphanEndsAtOnce() throws {
        let folder = try PrivateFolder()
        let lifeline = try ChildProcess.pipe()
        let worker = try startWorker(
            at: folder.endpoint, timing: Timing(), lifeline: lifeline.reading)
        let start = ContinuousClock.now
        close(lifeline.writing)
        #expect(try worker.value() == .orphaned)
        #expect(ContinuousClock.now - start < Timing().silence)
        close(lifeline.reading)
    }

    @Test func aWorkerThatCannotWorkOnTheSweepSaysGoodbye() throws {
        struct NoTable: Error, CustomStringConvertible { let description = "no table" }
        let folder = try PrivateFolder()
        let endpoint = folder.endpoint
        let unable = Background {
            try Worker(
                endpoint: endpoint, dismissal: try Doorbell(), lifeline: nil, log: quiet,
                prepare: { _, _ in throw NoTable() }
            ).run()
        }
        let coordinator = try startCoordinator(at: endpoint, timing: Timing())
        #expect(try unable.value() == .unprepared(reason: "no table"))
        let able = try startWorker(at: endpoint, timing: Timing())
        #expect(try coordinator.value().rows == everyRow)
        #expect(try able.value() == .stopped)
    }
}
