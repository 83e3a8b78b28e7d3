import Foundation
import Host
import Sweep
import Synchronization
import Testing
import Waiting

@testable import Cluster

/// A real coordinator's loop, with workers in this process or puppets.
@Suite(.ownThread, .timeLimit(.minutes(2))) struct CoordinatorTests {
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

    @Test func theStandingTellsWhoIsAtWhat() throws {
        let standings = Mutex<[Standing]>([])
        // Few enough to be given out whatever the speed.
        let coordinator = try startCoordinator(
            at: endpoint, blocks: Array(blocks.prefix(3)),
            progress: { standing in standings.withLock { $0.append(standing) } })
        let puppet = try Puppet(at: endpoint)
        try puppet.sayHello()
        let tasks = try puppet.hearAssignments(2).map(\.task)
        try puppet.say(.started(tasks[0]))
        try puppet.say(.result(try packedRows(of: blocks[tasks[0]])))
        #expect(try puppet.hearUntil(.acknowledge(tasks[0])))
        try puppet.say(.started(tasks[1]))
        func seen() -> Standing? {
            standings.withLock { $0.last { $0.tasks.finished == 1 && $0.tasks.running == 1 } }
        }
        for _ in 0..<1000 where seen() == nil {
            usleep(10_000)
            try puppet.say(.heartbeat(held: []))
        }
        let standing = try #require(seen())
        #expect(
            standing.tasks
                == .init(
                    waiting: 0, leased: 1, running: 1, finished: 1, failed: 0, attempts: 3))
        let worker = try #require(standing.workers.first)
        #expect(standing.workers.count == 1)
        #expect((worker.host, worker.pid) == ("puppet", 1))
        #expect((worker.running, worker.queued) == ([tasks[1]], 1))
        #expect((worker.finished, worker.cells) == (1, 8))
        #expect(worker.cellsPerSecond == 8 / (worker.age / .seconds(1)))
        #expect(worker.silence < .milliseconds(500) && worker.age < standing.elapsed)
        let other = try startWorker(at: endpoint)
        try puppet.say(.goodbye)
        let run = try coordinator.value()
        #expect(run.progress.tasks.finished == 3 && run.progress.cellsPerSecond > 0)
        #expect(try other.value() == .stopped)
    }

    @Test func workersThatCrowdTheirProcessorsAreWarnedOfOnce() throws {
        let interrupt = try Doorbell()
        let log = RecordedLog()
        let coordinator = try startCoordinator(
            at: endpoint, timing: Timing(), log: log.logger, interrupt: interrupt)
        func come(_ puppet: borrowing Puppet, cores: Int, processors: String) throws {
            try puppet.sayHello(
                from: Machine(
                    host: "node", pid: 1, cores: cores, memory: 1 << 40, processors: processors))
            while true {
                if case .welcome = try puppet.hear() { return }
            }
        }
        // Each bound to a processor of its own.
        let a = try Puppet(at: endpoint)
        let b = try Puppet(at: endpoint)
        try come(a, cores: 1, processors: "0")
        try come(b, cores: 1, processors: "1")
        // One that returns, and one that leaves, don't count twice.
        let c = try Puppet(at: endpoint)
        let d = try Puppet(at: endpoint)
        for _ in 0..<2 { try come(c, cores: 2, processors: "2-3") }
        try come(d, cores: 2, processors: "2-3")
        try d.say(.goodbye)
        try d.say(.heartbeat(held: []))
        #expect(try d.hearUntil(.whoAreYou))
        let e = try Puppet(at: endpoint)
        let f = try Puppet(at: endpoint)
        let g = try Puppet(at: endpoint)
        try come(e, cores: 2, processors: "2-3")
        #expect(log.lines == [])
        try come(f, cores: 2, processors: "2-3")
        try come(g, cores: 2, processors: "2-3")
        interrupt.ring()
        _ = try coordinator.value()
        let warning = "warning: the workers on node have 3 threads for 2 cores; fewer workers"
        #expect(log.lines.count == 1 && log.lines[0].hasPrefix(warning), "\(log.lines)")
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

    @Test(
        "A worker of another build or protocol is refused with both named",
        arguments: [0, 1] as [UInt32])
    func anotherBuild(protocolsAhead: UInt32) throws {
        let interrupt = try Doorbell()
        let coordinator = try startCoordinator(at: endpoint, interrupt: interrupt)
        let puppet = try Puppet(at: endpoint)
        let hello = WireHello.with {
            $0.version = Hello.version + protocolsAhead
            $0.build = "9.9 (build 1234)"
        }
        try puppet.say(raw: bytes(of: WireReport.with { $0.kind = .hello(hello) }))
        let protocols =
            "; they speak versions \(Hello.version) and \(Hello.version + 1) of the protocol"
        #expect(
            try puppet.hear()
                == .refuse(
                    reason: "the coordinator is kdsweep \(Build.current), the worker kdsweep "
                        + "9.9 (build 1234)\(protocolsAhead > 0 ? protocols : ""). Start both from "
                        + "one installation"))
        interrupt.ring()
        _ = try coordinator.value()
    }
}
