import Foundation
import Scheduling
import Sweep
import Testing

@testable import Cluster

/// What the coordinator makes of single words, without a network.
@Suite struct DeskTests {
    private static let timing = Timing()
    private var desk: Desk
    private var now = Duration.zero
    private var stored: [Finished] = []

    init() {
        desk = Desk(
            sweep: sweep, attachments: [:], blocks: [blocks[0]], needs: [0: Need(work: 1)],
            terms: .init(
                threads: 1, incarnation: 1, host: "h", localWorkers: 0, crashLimit: 3,
                timing: Self.timing), log: quiet, now: .zero)
    }

    private func worker(_ number: UInt64) -> WorkerID { WorkerID(high: number << 32, low: 0) }

    private mutating func hear(_ report: Report, in session: UInt8) {
        desk.receive([[session], report.encoded()], at: now)
    }

    private mutating func greet(
        _ number: UInt64, in session: UInt8, finished: [TaskID] = [], job: String? = nil
    ) {
        hear(
            .hello(
                Hello(
                    worker: worker(number), sweepDigest: sweep.digest, held: [],
                    finished: finished,
                    machine: Machine(
                        host: "h", pid: Int32(number), cores: 9, memory: 1 << 40, job: job))),
            in: session)
    }

    private mutating func settle() throws {
        var finished: [Finished] = []
        try desk.settle(at: now) { finished = $0 }
        stored += finished
    }

    /// What is sent to a session, but for welcomes and heartbeats.
    private mutating func orders(to session: UInt8) -> [Order] {
        desk.takeLetters().filter { $0.session == [session] }.map(\.order).filter {
            switch $0 {
            case .welcome, .heartbeat: false
            case .whoAreYou, .assign, .acknowledge, .discard, .stop, .refuse, .data: true
            }
        }
    }

    /// The desk's assignment of that number.
    private func assignment(_ number: UInt64) -> Order {
        .assign(Assignment(task: 0, wanted: blocks[0].wanted, number: number))
    }

    @Test("A late result counts if nobody else was faster, whatever became of the lease")
    mutating func lateResult() throws {
        greet(1, in: 1)
        #expect(orders(to: 1) == [assignment(1)])
        hear(.started(0), in: 1)
        now += Self.timing.silence
        desk.tick(at: now)
        greet(2, in: 2)
        #expect(orders(to: 2) == [assignment(2)])
        hear(.result(try packedRows(of: blocks[0])), in: 1)
        try settle()
        #expect(stored.map(\.task) == [0] && stored.map(\.author?.pid) == [1])
        let letters = desk.takeLetters().filter { $0.order != .whoAreYou }
        #expect(
            letters.map(\.session) == [[2], [1]]
                && letters.map(\.order) == [.discard(0), .acknowledge(0)])
        #expect(desk.isComplete)
    }

    @Test("A result that comes too late is acknowledged, and not stored again")
    mutating func secondResult() throws {
        greet(1, in: 1)
        hear(.result(try packedRows(of: blocks[0])), in: 1)
        try settle()
        greet(2, in: 2, finished: [0])
        _ = desk.takeLetters()
        hear(.result(try packedRows(of: blocks[0])), in: 2)
        try settle()
        #expect(orders(to: 2) == [.acknowledge(0)])
        #expect(stored.count == 1)
    }

    @Test("A word in a session that isn't known is answered with a question, and taken after it")
    mutating func unknownSession() throws {
        hear(.result(try packedRows(of: blocks[0])), in: 7)
        #expect(orders(to: 7) == [.whoAreYou] && desk.ledger.isEmpty)
        greet(1, in: 7, finished: [0])
        hear(.result(try packedRows(of: blocks[0])), in: 7)
        try settle()
        #expect(stored.map(\.task) == [0])
    }

    @Test("While the store takes nothing, nothing is acknowledged, and it is tried again later")
    mutating func storeThatTakesNothing() throws {
        struct Full: Error {}
        greet(1, in: 1)
        _ = desk.takeLetters()
        hear(.result(try packedRows(of: blocks[0])), in: 1)
        #expect(throws: Full.self) { try desk.settle(at: now) { _ in throw Full() } }
        try settle()
        #expect(stored.isEmpty && orders(to: 1) == [] && !desk.isComplete)
        now += Ledger.pause
        try settle()
        #expect(stored.count == 1 && orders(to: 1) == [.acknowledge(0)] && desk.isComplete)
    }

    @Test("A worker that a letter didn't reach is asked who it is")
    mutating func undelivered() {
        greet(1, in: 1)
        let letters = desk.takeLetters()
        desk.noteUndelivered(letters[0])
        #expect(!letters.dropFirst().contains(where: desk.isCurrent))
        hear(.heartbeat(held: []), in: 1)
        #expect(orders(to: 1) == [.whoAreYou])
        greet(1, in: 1)
        #expect(orders(to: 1) == [assignment(2)])
    }

    @Test("Who went and why is known until they return; the last ones are kept")
    mutating func departures() throws {
        func silence() {
            for _ in 0..<2 {
                now += Self.timing.silence / 2
                desk.tick(at: now)
            }
        }
        func gone() -> [String] {
            desk.standing.departures.map { "\($0.pid) at \($0.at): \($0.reason)" }
        }
        greet(1, in: 1)
        silence()
        try #require(gone() == ["1 at 10.0 seconds: not a word for 10.0 seconds"])
        greet(1, in: 1)
        #expect(gone() == [])
        hear(.goodbye, in: 1)
        greet(2, in: 2)
        desk.receive([[2], [255, 255]], at: now)
        greet(3, in: 3)
        now += .seconds(1)
        desk.bury(.init(pid: 3, ending: .killed(signal: 9)), at: now)
        try #require(gone().count == 3)
        #expect(gone()[0] == "1 at 10.0 seconds: left in order")
        #expect(gone()[1].hasPrefix("2 at 10.0 seconds: malformed message: "))
        #expect(gone()[2] == "3 at 11.0 seconds: killed by signal 9")
        // What is learned later of why counts.
        greet(4, in: 4)
        silence()
        desk.bury(.init(pid: 4, ending: .exited(status: 1)), at: now)
        #expect(gone().last == "4 at 21.0 seconds: ended with exit status 1")
        #expect(gone().count == 4)
        for number in 10..<100 {
            greet(UInt64(number), in: 9)
            hear(.goodbye, in: 9)
        }
        #expect(gone().count == Tally.mostDepartures)
        #expect(gone().last == "99 at 21.0 seconds: left in order")
    }

    @Test("A task that failed is kept with its reason")
    mutating func failures() throws {
        greet(1, in: 1)
        hear(.started(0), in: 1)
        now += .seconds(3)
        hear(.failure(0, reason: "no root"), in: 1)
        #expect(
            desk.standing.failures == [
                .init(
                    task: 0, cells: blocks[0].wantedCount, reason: "no root", at: .seconds(3))
            ])
        for number in 1...Tally.mostFailures {
            desk.tally.note(.init(task: number, cells: 1, reason: "", at: now))
        }
        #expect(desk.standing.failures.count == Tally.mostFailures)
        #expect(desk.standing.failures.map(\.task).last == Tally.mostFailures)
    }

    @Test("A launched worker is sent home if it has nothing to do, and gets nothing after that")
    mutating func dismissal() {
        greet(1, in: 1, job: "7_1")
        greet(2, in: 2, job: "7_2")
        #expect(orders(to: 1) == [assignment(1)])
        #expect(desk.launched == WorkerKind(memory: 0x1p40))
        #expect(
            Set(desk.demand.attendants) == [
                .init(job: "7_1", isIdle: false), .init(job: "7_2", isIdle: false),
            ], "the second has the first's task too")
        hear(.failure(0, reason: "no"), in: 2)
        #expect(desk.demand.attendants.allSatisfy(\.isIdle) && desk.demand.unfinished == 0)
        desk.dismiss("7_2", at: now)
        #expect(orders(to: 2) == [.stop])
        #expect(!desk.scheduler.knows(worker(2)) && desk.scheduler.knows(worker(1)))
    }

    @Test("One that has something to do stays")
    mutating func noDismissal() {
        greet(1, in: 1, job: "7_1")
        desk.dismiss("7_1", at: now)
        #expect(orders(to: 1) == [assignment(1)] && desk.scheduler.knows(worker(1)))
    }
}
