import Foundation
import Synchronization
import Testing

@testable import Cluster

/// A real coordinator's loop, with workers in this process or puppets.
@Suite(.timeLimit(.minutes(2))) struct CoordinatorTests {
    private let folder: Folder

    /// A class only because a suite's instance must be copyable.
    private final class Folder {
        let folder: PrivateFolder
        init() throws { folder = try PrivateFolder() }
    }

    private var endpoint: String { folder.folder.endpoint }

    init() throws { folder = try Folder() }

    @Test func workersCompleteASweep() throws {
        // Nobody may be left over when the others have done everything.
        let meeting = Meeting(of: 3)
        let workers = try (0..<3).map { _ in
            try startWorker(at: endpoint) { block in
                try meeting.attend()
                return rows(of: block)
            }
        }
        let run = try startCoordinator(at: endpoint).value()
        #expect(run.outcome == .complete)
        #expect(run.rows == everyRow)
        #expect(run.stored.allSatisfy { $0.author?.pid == getpid() && $0.seconds != nil })
        for worker in workers { #expect(try worker.value() == .stopped) }
        let progress = run.progress
        #expect(progress.cellsDone == 48 && progress.cellsTotal == 48 && progress.cellsFailed == 0)
        #expect(progress.tasksDone == 6 && progress.tasksTotal == 6 && progress.malformed == 0)
    }

    @Test func onlyWhatIsWantedIsAskedForAndStored() throws {
        let wanted = [1, 4].map { blocks[$0].narrowed { $0.isMultiple(of: 2) }! }
        let worker = try startWorker(at: endpoint)
        let run = try startCoordinator(at: endpoint, blocks: wanted).value()
        #expect(run.rows == sorted(wanted[0], wanted[1]))
        #expect(run.progress.cellsTotal == wanted.reduce(0) { $0 + $1.wantedCount })
        #expect(try worker.value() == .stopped)
    }

    @Test func nothingWantedIsCompleteAtOnce() throws {
        let run = try startCoordinator(at: endpoint, blocks: []).value()
        #expect(run.outcome == .complete && run.stored.isEmpty)
    }

    @Test func aWorkerThatVanishesCostsItsTasksALittleTime() throws {
        let coordinator = try startCoordinator(at: endpoint)
        do {
            let puppet = try Puppet(at: endpoint)
            try puppet.sayHello()
            let task = try puppet.hearAssignments(1)[0].task
            try puppet.say(.started(task))
        }
        let worker = try startWorker(at: endpoint)
        let run = try coordinator.value()
        #expect(run.outcome == .complete && run.rows == everyRow)
        #expect(run.seconds < 10)
        #expect(try worker.value() == .stopped)
    }

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
        #expect(ContinuousClock.now - started < .seconds(2))
        #expect(run.outcome == .interrupted)
        #expect(run.rows == sorted(blocks[tasks[0]], blocks[tasks[1]]))
        #expect(try puppet.hearUntil(.stop))
    }

    @Test func failingMathematicsFailsItsCellsAtOnce() throws {
        struct Divergent: Error, CustomStringConvertible { let description = "it\ndiverges" }
        let worker = try startWorker(at: endpoint) { block in
            if block.number == 2 { throw Divergent() }
            return rows(of: block)
        }
        let run = try startCoordinator(at: endpoint).value()
        #expect(run.outcome == .complete)
        #expect(run.rows.map(\.cell) == everyRow.map(\.cell))
        let failed = run.rows.filter { $0.status == .failed }
        #expect(failed.map(\.cell) == sorted(blocks[2]).map(\.cell))
        #expect(failed.allSatisfy { $0.error == "it; diverges" })
        #expect(failed.allSatisfy { $0.values.count == 3 && $0.values.allSatisfy(\.isNaN) })
        #expect(run.progress.cellsFailed == 8)
        #expect(try worker.value() == .stopped)
    }

    @Test func aSolverThatAnswersAnotherQuestionFailsItsTask() throws {
        let worker = try startWorker(at: endpoint) { block in Array(rows(of: block).reversed()) }
        let run = try startCoordinator(at: endpoint, blocks: [blocks[0]]).value()
        #expect(
            run.rows.allSatisfy {
                $0.error == "the solver's rows are of other cells than were wanted"
            })
        #expect(try worker.value() == .stopped)
    }

    @Test func aTaskThatCostsTooManyWorkersIsGivenUp() throws {
        let coordinator = try startCoordinator(
            at: endpoint, blocks: [blocks[3]], crashLimit: 2)
        for _ in 0..<2 {
            let puppet = try Puppet(at: endpoint)
            try puppet.sayHello()
            _ = try puppet.hearAssignments(1)
            try puppet.say(.started(3))
        }
        let run = try coordinator.value()
        #expect(run.outcome == .complete)
        #expect(run.rows.map(\.cell) == sorted(blocks[3]).map(\.cell))
        #expect(run.rows.allSatisfy { $0.status == .failed })
        #expect(run.rows[0].error.hasPrefix("crashed 2 workers"), "\(run.rows[0].error)")
        #expect(run.stored[0].author == nil)
    }

    @Test func aWorkerThatSendsJunkIsRefusedAndHarmsNobody() throws {
        let coordinator = try startCoordinator(at: endpoint)
        let puppet = try Puppet(at: endpoint)
        try puppet.say(raw: [0xff])
        try puppet.sayHello()
        let task = try puppet.hearAssignments(1)[0].task
        var result = try packedRows(of: blocks[task])
        result.values.removeLast()
        try puppet.say(.result(result))
        #expect(
            try puppet.hearUntil(
                .refuse(reason: "malformed message: 8 statuses and 23 values of 8 cells")))
        let worker = try startWorker(at: endpoint)
        let run = try coordinator.value()
        #expect(run.rows == everyRow && run.progress.malformed == 2)
        #expect(try worker.value() == .stopped)
    }

    @Test func aStrangerIsAskedWhoItIs() throws {
        let interrupt = try Doorbell()
        let coordinator = try startCoordinator(at: endpoint, interrupt: interrupt)
        let puppet = try Puppet(at: endpoint)
        try puppet.say(.started(0))
        #expect(try puppet.hear() == .whoAreYou)
        interrupt.ring()
        #expect(try coordinator.value().outcome == .interrupted)
    }

    @Test func anotherVersionIsRefused() throws {
        let interrupt = try Doorbell()
        let coordinator = try startCoordinator(at: endpoint, interrupt: interrupt)
        let puppet = try Puppet(at: endpoint)
        let hello = WireHello.with { $0.version = 2 }
        try puppet.say(raw: bytes(of: WireReport.with { $0.kind = .hello(hello) }))
        #expect(
            try puppet.hear()
                == .refuse(
                    reason: "the coordinator speaks version 1 of the protocol, the worker 2"))
        interrupt.ring()
        _ = try coordinator.value()
    }
}
