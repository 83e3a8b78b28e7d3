import Foundation
import Host
import Scheduling
import Sweep
import Synchronization
import Testing
import Waiting

@testable import Cluster

/// Bytes of two chunks and a bit.
private let bytes = Data((0..<(2 * DataChunk.size + 3)).map { UInt8(truncatingIfNeeded: $0 / 7) })

private let mixture = sweep

/// The fixture's sweep, of a table.
private func sweep(of bytes: Data) -> Sweep {
    var other = mixture
    other.settings.learningTask = .table(
        TableReference(
            file: "/nowhere/t.csv", digest: sha256(bytes), label: "label",
            teacherLogit: "teacher_logit", features: ["a"]))
    return other
}

private func chunk(_ number: Int, of bytes: Data = bytes) -> DataChunk {
    let offset = number * DataChunk.size
    return DataChunk(
        digest: sha256(bytes), offset: offset, total: bytes.count,
        bytes: bytes[offset..<min(offset + DataChunk.size, bytes.count)])
}

private func need(_ number: Int, of bytes: Data = bytes) -> Report {
    .needData(DataNeed(digest: sha256(bytes), offset: number * DataChunk.size))
}

/// How a worker comes by its table: transcripts.
@Suite struct DeliveryTests {
    private let id = WorkerID(high: 1, low: 2)
    private let machine = Machine(host: "h", pid: 1, cores: 1, memory: 1)
    private var bench: Workbench
    private var now = Duration.zero

    init() {
        bench = Workbench(id: id, machine: machine, timing: Timing(), now: now)
        _ = bench.handle(.connected, at: now)
    }

    private mutating func hear(_ order: Order) -> [Workbench.Action] {
        bench.handle(.received(order), at: now)
    }

    private func welcome(_ sweep: Sweep, threads: Int = 1) -> Order {
        .welcome(Welcome(sweep: sweep, threads: threads, incarnation: 9))
    }

    private func assign(_ task: TaskID) -> Order {
        .assign(Assignment(task: task, wanted: blocks[task].wanted))
    }

    private func hello(_ sweep: Sweep, held: [TaskID]) -> Workbench.Action {
        .send(
            .hello(
                Hello(
                    worker: id, sweepDigest: sweep.digest, held: held, finished: [],
                    machine: machine)))
    }

    @Test mutating func workWaitsForTheTable() {
        let sweep = sweep(of: bytes)
        #expect(hear(welcome(sweep)) == [.prepare(sweep, threads: 1)], "nothing needs it yet")
        #expect(hear(assign(3)) == [.send(need(0))])
        for task in [1, 2] { #expect(hear(assign(task)) == []) }
        #expect(hear(.data(chunk(0))) == [.send(need(1))])
        #expect(hear(.discard(1)) == [.cancel(1)])
        #expect(hear(.data(chunk(1))) == [.send(need(2))])
        #expect(
            hear(.data(chunk(2))) == [
                .attach(bytes, digest: sha256(bytes)), .solve(blocks[3]), .solve(blocks[2]),
            ])
        #expect(hear(assign(1)) == [.solve(blocks[1])])
        #expect(hear(.data(chunk(2))) == [], "it has it")
    }

    @Test mutating func aCutHalfWayLosesNoBytes() {
        let sweep = sweep(of: bytes)
        _ = hear(welcome(sweep))
        _ = hear(assign(0))
        _ = hear(.data(chunk(0)))
        #expect(
            bench.handle(.ticked, at: .seconds(9)) == [
                .send(.heartbeat(Holdings(sweepDigest: sweep.digest, held: [0])))
            ])
        now = .seconds(10)
        #expect(bench.handle(.ticked, at: now) == [.reconnect])
        #expect(bench.handle(.connected, at: now) == [hello(sweep, held: [0])])
        // What was lost with the old session is asked for again, and nothing else.
        #expect(hear(welcome(sweep)) == [.send(need(1))])
        #expect(hear(.data(chunk(1))) == [.send(need(2))])
        // An answer that overtakes the next welcome counts.
        #expect(hear(.whoAreYou) == [hello(sweep, held: [0])])
        #expect(
            hear(.data(chunk(2)))
                == [.attach(bytes, digest: sha256(bytes)), .solve(blocks[0])])
        #expect(hear(welcome(sweep)) == [])
    }

    @Test mutating func anAnswerThatOvertakesAWelcomeIsNotAskedForAgain() {
        let sweep = sweep(of: bytes)
        _ = hear(welcome(sweep))
        _ = hear(assign(0))
        #expect(hear(.whoAreYou) == [hello(sweep, held: [0])])
        #expect(hear(.data(chunk(0))) == [], "nobody would answer now")
        #expect(hear(welcome(sweep)) == [.send(need(1))])
    }

    @Test mutating func bytesThatAreNotTheNextAreIgnored() {
        #expect(hear(.data(chunk(0))) == [], "nobody asked")
        _ = hear(welcome(sweep(of: bytes)))
        #expect(hear(.data(chunk(0))) == [], "no task needs it yet")
        _ = hear(assign(0))
        #expect(hear(.data(chunk(1))) == [])
        #expect(hear(.data(chunk(0, of: Data("other".utf8)))) == [])
        #expect(hear(.data(chunk(0))) == [.send(need(1))])
        #expect(hear(.data(chunk(0))) == [])
    }

    @Test mutating func otherBytesThanTheTablesEndTheWorker() {
        _ = hear(welcome(sweep(of: bytes)))
        _ = hear(assign(0))
        var wrong = chunk(2)
        wrong.bytes[wrong.bytes.startIndex] ^= 1
        for number in 0...1 { _ = hear(.data(chunk(number))) }
        #expect(
            hear(.data(wrong)) == [
                .send(.goodbye),
                .end(
                    .unprepared(
                        reason:
                            "the coordinator sent other bytes than the file's that was asked for")),
            ])
    }

    @Test mutating func anotherSweepOfTheSameTableNeedsNothing() {
        let first = sweep(of: bytes)
        _ = hear(welcome(first))
        _ = hear(assign(0))
        for number in 0...2 { _ = hear(.data(chunk(number))) }
        _ = hear(.discard(0))
        var second = first
        second.metrics = [.corrected]
        for (sweep, files) in [(second, [bytes]), (mixture, []), (first, [bytes])] {
            _ = hear(.whoAreYou)
            #expect(hear(welcome(sweep)) == [.prepare(sweep, threads: 1)])
            #expect(
                hear(assign(1))
                    == files.map { .attach($0, digest: sha256($0)) } + [.solve(sweep.tasks[1])])
            #expect(hear(assign(2)) == [.solve(sweep.tasks[2])], "a file is attached once")
            for task in [1, 2] { _ = hear(.discard(task)) }
        }
        let other = Data("another table".utf8)
        let third = sweep(of: other)
        _ = hear(.whoAreYou)
        #expect(hear(welcome(third)) == [.prepare(third, threads: 1)])
        #expect(hear(assign(0)) == [.send(need(0, of: other))])
        _ = hear(.whoAreYou)
        // Before it is there, other threads are wanted: what was assigned is done with them.
        #expect(
            hear(welcome(third, threads: 2))
                == [.prepare(third, threads: 2), .send(need(0, of: other))])
        #expect(
            hear(.data(chunk(0, of: other))) == [
                .attach(other, digest: sha256(other)), .solve(third.tasks[0]),
            ])
        // With other threads once more the solver begins anew, and has no file.
        _ = hear(.whoAreYou)
        #expect(
            hear(welcome(third)) == [
                .cancel(0), .prepare(third, threads: 1), .attach(other, digest: sha256(other)),
                .solve(third.tasks[0]),
            ])
    }

    @Test func bytesThatDoNotFitTheirWholeAreMalformed() {
        for (offset, total, count) in [(0, 5, 0), (3, 5, 3), (6, 5, 1), (.max, 5, 1)]
            as [(UInt64, UInt64, Int)]
        {
            let wire = WireDataChunk.with {
                $0.offset = offset
                $0.total = total
                $0.bytes = Data(count: count)
            }
            #expect(throws: Malformed.self) { try DataChunk(wire) }
        }
        #expect(throws: Malformed.self) { try DataNeed(.with { $0.offset = .max }) }
    }
}

/// How a coordinator gives it.
@Suite(.ownThread, .timeLimit(.minutes(2))) struct SupplyTests {
    private let table = sweep(of: bytes)

    @Test func eachWorkerIsSentTheTableOnce() throws {
        let folder = try PrivateFolder()
        let endpoint = folder.endpoint
        let given = Mutex<[Data]>([])
        let meeting = Meeting(of: 3)
        let workers = try (0..<3).map { _ in
            let dismissal = try Doorbell()
            return Background {
                try Worker(
                    endpoint: endpoint, dismissal: dismissal, lifeline: nil, log: quiet,
                    timing: hasty,
                    prepare: { _, _ in
                        FixtureSolver { bytes in
                            given.withLock { $0.append(bytes) }
                        } body: { block in
                            try meeting.attend()
                            return rows(of: block)
                        }
                    }
                ).run()
            }
        }
        let run = try startCoordinator(at: endpoint, sweep: table, table: bytes).value()
        #expect(run.outcome == .complete && run.rows == everyRow)
        #expect(given.withLock { $0 } == [bytes, bytes, bytes])
        for worker in workers { #expect(try worker.value() == .stopped) }
    }

    @Test func otherBytesEndTheWorkerWithAReason() throws {
        let folder = try PrivateFolder()
        let interrupt = try Doorbell()
        var wrong = bytes
        wrong[0] ^= 1
        let coordinator = try startCoordinator(
            at: folder.endpoint, sweep: table, table: wrong, interrupt: interrupt)
        let worker = try startWorker(at: folder.endpoint)
        #expect(
            try worker.value()
                == .unprepared(
                    reason: "the coordinator sent other bytes than the file's that was asked for"))
        interrupt.ring()
        #expect(try coordinator.value().outcome == .interrupted)
    }

    @Test func aRequestIsAnsweredInPieces() throws {
        let folder = try PrivateFolder()
        let interrupt = try Doorbell()
        let coordinator = try startCoordinator(
            at: folder.endpoint, sweep: table, table: bytes, interrupt: interrupt)
        let puppet = try Puppet(at: folder.endpoint)
        try puppet.sayHello()
        for number in 0...2 {
            try puppet.say(need(number))
            #expect(try puppet.hearUntil(.data(chunk(number))))
        }
        // Another session goes on anywhere.
        try puppet.sayHello()
        try puppet.say(need(1))
        #expect(try puppet.hearUntil(.data(chunk(1))))
        interrupt.ring()
        #expect(try coordinator.value().progress.malformed == 0)
    }

    @Test(
        arguments: [
            ([DataNeed(digest: "abc", offset: 0)], "a request for data that is not this sweep's"),
            (
                [DataNeed(digest: sha256(bytes), offset: bytes.count)],
                "a request for bytes from 2097155 on of 2097155"
            ),
            (
                [0, 0].map { DataNeed(digest: sha256(bytes), offset: $0) },
                "a second request for bytes from 0 on"
            ),
        ])
    func whatNoWorkerWouldAskForIsRefused(needs: [DataNeed], reason: String) throws {
        let folder = try PrivateFolder()
        let interrupt = try Doorbell()
        let coordinator = try startCoordinator(
            at: folder.endpoint, sweep: table, table: bytes, interrupt: interrupt)
        let puppet = try Puppet(at: folder.endpoint)
        try puppet.sayHello()
        for need in needs { try puppet.say(.needData(need)) }
        #expect(try puppet.hearUntil(.refuse(reason: "malformed message: \(reason)")))
        interrupt.ring()
        #expect(try coordinator.value().progress.malformed == 1)
    }

    @Test func aSweepWithoutATableHasNothingToGive() throws {
        let folder = try PrivateFolder()
        let interrupt = try Doorbell()
        let coordinator = try startCoordinator(at: folder.endpoint, interrupt: interrupt)
        let puppet = try Puppet(at: folder.endpoint)
        try puppet.sayHello()
        try puppet.say(need(0))
        #expect(
            try puppet.hearUntil(
                .refuse(
                    reason: "malformed message: a request for data that is not this sweep's")))
        interrupt.ring()
        _ = try coordinator.value()
    }

    @Test func aTurnServesAFewInTheOrderInWhichTheyAsked() {
        var supply = Supply(of: [:])
        let workers = (0..<40).map { WorkerID(high: $0, low: 0) }
        for worker in workers { supply.enqueue(worker) }
        #expect(supply.next() == Array(workers[..<16]))
        #expect(supply.next() == Array(workers[16..<32]))
        #expect(supply.next() == Array(workers[32...]) && supply.isIdle)
    }
}
