import Scheduling
import Sweep
import Testing

@testable import Cluster

/// What a desk makes of a worker's words that are of another time.
@Suite struct LateWordTests {
    private var desk: Desk
    private var stored: [Finished] = []
    private var now = Duration.zero

    private static func desk(wanting blocks: [Block], log: RecordedLog = RecordedLog()) -> Desk {
        Desk(
            sweep: sweep, attachments: [:], blocks: blocks,
            needs: Dictionary(uniqueKeysWithValues: blocks.map { ($0.number, Need(work: 1)) }),
            terms: .init(
                threads: 1, incarnation: 1, host: "h", localWorkers: 0, crashLimit: 3,
                timing: Timing()), log: log.logger, now: .zero)
    }

    init() { desk = Self.desk(wanting: [blocks[0], blocks[1]]) }

    private mutating func hear(_ report: Report, at time: Duration = .zero) {
        now = max(now, time)
        desk.receive([[1], report.encoded()], at: now)
    }

    private mutating func greet(held: [TaskID] = [], finished: [TaskID] = []) {
        hear(
            .hello(
                Hello(
                    worker: WorkerID(high: 1 << 32, low: 0), sweepDigest: fixtureDigest, held: held,
                    finished: finished,
                    machine: Machine(host: "h", pid: 1, cores: 9, memory: 1 << 40))))
    }

    private mutating func settle() throws {
        var finished: [Finished] = []
        try desk.settle(at: now) { finished = $0 }
        stored += finished
    }

    /// What is sent, but for welcomes and heartbeats.
    private mutating func orders() -> [Order] {
        desk.takeLetters().map(\.order).filter {
            switch $0 {
            case .welcome, .heartbeat: false
            case .whoAreYou, .assign, .acknowledge, .discard, .stop, .refuse, .data: true
            }
        }
    }

    @Test("Words under another sweep end nobody and nothing")
    mutating func anotherSweep() throws {
        greet()
        _ = orders()
        var result = try packedRows(of: blocks[0])
        result.sweepDigest = "abc"
        for report in [
            Report.result(result), .failure(0, of: "abc", reason: "so"),
            .failure(99, of: "abc", reason: "a task that this sweep hasn't"),
            .started(0, of: "abc"),
            .release(0, of: "abc"), .heartbeat(Holdings(sweepDigest: "abc", held: [99], seen: 9)),
        ] { hear(report) }
        try settle()
        #expect(orders() == [] && stored.isEmpty && desk.tally.malformed == 0)
        #expect(desk.scheduler.leases(of: WorkerID(high: 1 << 32, low: 0)) == [0, 1])
        hear(.result(try packedRows(of: blocks[0])))
        hear(.failure(1, reason: "so"))
        try settle()
        #expect(stored.map(\.task) == [0, 1] && desk.isComplete)
    }

    @Test("What is wanted of a result counts, whatever was when its task was given")
    mutating func otherCells() throws {
        let wanted = blocks[0].narrowed { blocks[0].cellNumber(at: 2) == $0 }!
        desk = Self.desk(wanting: [wanted])
        greet(finished: [0])
        hear(.result(try packedRows(of: blocks[0])))
        try settle()
        #expect(stored.map(\.rows) == [rows(of: wanted)] && !stored[0].isPart)
        #expect(desk.isComplete && orders() == [.acknowledge(0)])
    }

    @Test("Of a result that lacks wanted cells the rest is given anew, once the part is stored")
    mutating func missingCells() throws {
        var narrow = blocks[0]
        narrow.wanted = [1..<3, 7..<8]
        var rest = blocks[0]
        rest.wanted = [0..<1, 3..<7]
        desk = Self.desk(wanting: [blocks[0]])
        greet(finished: [0])
        hear(.result(try packedRows(of: narrow)))
        #expect(orders() == [], "it would send what it keeps")
        // Twice: it counts once.
        hear(.result(try packedRows(of: narrow)))
        try settle()
        #expect(stored.map(\.rows) == [rows(of: narrow)] && stored[0].isPart)
        #expect(desk.tally.tasksDone == 0 && desk.tally.cellsDone == 3)
        #expect(
            orders() == [
                .acknowledge(0), .acknowledge(0),
                .assign(Assignment(task: 0, wanted: rest.wanted, number: 1)),
            ])
        // Once more, when it is too late for that.
        hear(.result(try packedRows(of: narrow)))
        try settle()
        #expect(orders() == [] && stored.count == 1)
        hear(.result(try packedRows(of: rest)))
        try settle()
        #expect(stored.count == 2 && stored[1].rows == rows(of: rest) && desk.isComplete)
        #expect(desk.tally.tasksDone == 1 && desk.tally.cellsDone == 8)
    }

    @Test("No lease outlives what its worker holds")
    mutating func leases() {
        let log = RecordedLog()
        desk = Self.desk(wanting: [blocks[0], blocks[1]], log: log)
        greet()
        #expect(
            orders()
                == [0, 1].map {
                    .assign(
                        Assignment(task: $0, wanted: blocks[$0].wanted, number: UInt64($0) + 1))
                })
        hear(.started(0))
        // Of the second it can't know yet.
        hear(.heartbeat(held: [0], seen: 1), at: .seconds(1))
        #expect(orders() == [] && log.lines == [])
        hear(.heartbeat(held: [0], seen: 2), at: .seconds(2))
        #expect(
            orders() == [.assign(Assignment(task: 1, wanted: blocks[1].wanted, number: 3))])
        #expect(log.lines.count == 1 && log.lines[0].contains("task 1 is given anew"))
        // A begun one too, which is no crash.
        hear(.heartbeat(held: [1], seen: 3), at: .seconds(3))
        #expect(
            orders() == [.assign(Assignment(task: 0, wanted: blocks[0].wanted, number: 4))])
    }

    @Test("What was held at the hello and isn't any more is given anew")
    mutating func heldAtTheHello() {
        greet(held: [0, 1])
        #expect(orders() == [])
        hear(.heartbeat(held: [1]), at: .seconds(1))
        #expect(
            orders() == [.assign(Assignment(task: 0, wanted: blocks[0].wanted, number: 1))])
    }

    @Test("Who keeps a result that didn't come is asked to say hello, and sends it again")
    mutating func keptResult() throws {
        greet()
        _ = orders()
        hear(.heartbeat(held: [1], finished: [0], seen: 2), at: .seconds(1))
        #expect(orders() == [.whoAreYou])
        greet(held: [1], finished: [0])
        hear(.result(try packedRows(of: blocks[0])))
        try settle()
        #expect(stored.map(\.task) == [0])
    }

    @Test("Other threads count, and are known to whoever stores")
    mutating func threads() throws {
        greet()
        var result = try packedRows(of: blocks[0])
        result.threads = 4
        hear(.result(result))
        try settle()
        #expect(stored.map(\.author?.threads) == [4])
    }
}
