import Foundation
import Host
import Sweep
import Synchronization
import Testing
import Waiting

@testable import Cluster

/// What a real coordinator's loop has stored, and when it says so.
@Suite(.ownThread, .timeLimit(.minutes(2))) struct CoordinatorStoreTests {
    private let folder: Folder

    /// A class only because a suite's instance must be copyable.
    private final class Folder {
        let folder: PrivateFolder
        init() throws { folder = try PrivateFolder() }
    }

    private var endpoint: String { folder.folder.endpoint }

    init() throws { folder = try Folder() }

    @Test func aResultThatComesTwiceIsStoredOnceAndAcknowledgedTwice() throws {
        let coordinator = try startCoordinator(at: endpoint, blocks: Array(blocks.prefix(2)))
        let puppet = try Puppet(at: endpoint)
        try puppet.sayHello()
        let tasks = try puppet.hearAssignments(2).map(\.task)
        let result = Report.result(try packedRows(of: blocks[tasks[0]]))
        try puppet.say(result)
        try puppet.say(result)
        #expect(try puppet.hear() == .acknowledge(tasks[0]))
        #expect(try puppet.hear() == .acknowledge(tasks[0]))
        try puppet.say(.result(try packedRows(of: blocks[tasks[1]])))
        let run = try coordinator.value()
        #expect(run.rows == sorted(blocks[0], blocks[1]))
    }

    @Test func nothingIsAcknowledgedBeforeItIsStored() throws {
        struct Full: Error {}
        let refusals = Mutex(2)
        let isStored = Mutex(false)
        let coordinator = try startCoordinator(
            at: endpoint, blocks: [blocks[0]],
            willStore: { _ in
                try refusals.withLock { refusals in
                    guard refusals == 0 else {
                        refusals -= 1
                        throw Full()
                    }
                }
                isStored.withLock { $0 = true }
            })
        let puppet = try Puppet(at: endpoint)
        try puppet.sayHello()
        _ = try puppet.hearAssignments(1)
        try puppet.say(.result(try packedRows(of: blocks[0])))
        #expect(try puppet.hear() == .acknowledge(0))
        #expect(isStored.withLock { $0 } && refusals.withLock { $0 } == 0)
        #expect(try coordinator.value().rows == sorted(blocks[0]))
    }

    @Test func anInterruptStoresEverythingReceived() throws {
        let interrupt = try Doorbell()
        let coordinator = try startCoordinator(at: endpoint, interrupt: interrupt)
        let puppet = try Puppet(at: endpoint)
        try puppet.sayHello()
        // No more than two come before a first result shows how long a task takes.
        let tasks = try puppet.hearAssignments(2).map(\.task)
        for task in tasks { try puppet.say(.result(try packedRows(of: blocks[task]))) }
        #expect(try puppet.hearUntil(.acknowledge(tasks[1])))
        let started = ContinuousClock.now
        interrupt.ring()
        let run = try coordinator.value()
        #expect(ContinuousClock.now - started < Timing().silence)
        #expect(run.outcome == .interrupted)
        #expect(run.rows == sorted(blocks[tasks[0]], blocks[tasks[1]]))
        #expect(try puppet.hearUntil(.stop))
    }

    /// Of the coordinator's thread.
    private static func threadTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    @Test("While a store takes nothing and no more may be received, the loop waits")
    func aFullLedger() throws {
        struct Full: Error {}
        var large = sweep
        large.grid.softRatio = (0..<500).map { Double($0) / 500 }
        large.grid.teacherNoise = (0..<250).map { Double($0) }
        large.metrics = [.teacherError]
        let tasks = (0..<large.tasks.count).map { large.tasks[$0] }
        let interrupt = try Doorbell()
        let spent = Mutex<[(wall: Duration, cpu: Duration)]>([])
        let tries = Mutex(0)
        let watch = Stopwatch()
        let coordinator = try startCoordinator(
            at: endpoint, sweep: large, blocks: tasks, timing: Timing(), interrupt: interrupt,
            willStore: {
                guard !$0.isEmpty else { return }
                tries.withLock { $0 += 1 }
                throw Full()
            },
            progress: { _ in
                spent.withLock { $0.append((watch.elapsed, Self.threadTime())) }
            })
        let puppet = try Puppet(at: endpoint)
        try puppet.sayHello()
        let digest = large.digest
        var rows = 0
        while rows < Desk.mostRows {
            for assignment in try puppet.hearAssignments(1) {
                let block = tasks[assignment.task]
                let own = block.wanted.joined().map {
                    Row(cell: block.cellNumber(at: $0), status: .ok, values: [0.5])
                }
                rows += own.count
                try puppet.say(
                    .result(
                        try PackedRows(
                            own, of: block, metrics: large.metrics, sweepDigest: digest,
                            seconds: 0.1, threads: 1)))
            }
        }
        // What waits in the socket from now on may not be taken.
        for _ in 0..<100 { try puppet.say(.goodbye) }
        let tried = tries.withLock { $0 }
        try eventually { tries.withLock { $0 } >= tried + 2 }
        let before = try #require(spent.withLock { $0.last })
        // What it takes of a processor in two seconds is measured.
        usleep(2_000_000)
        let after = try #require(spent.withLock { $0.last })
        let share = (after.cpu - before.cpu) / (after.wall - before.wall)
        #expect(after.wall > before.wall && share < 0.3, "\(share) of a processor")
        interrupt.ring()
        // What nobody could store isn't lost silently.
        #expect(throws: Full.self) { try coordinator.value() }
    }
}
