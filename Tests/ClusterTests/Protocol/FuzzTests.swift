import Foundation
import Scheduling
import Seeded
import Sweep
import Testing

@testable import Cluster

/// A million frames, valid, mutated and random, through the decoders and what handles them.
@Suite struct FuzzTests {
    static let seeds = 0..<20
    static let rounds = 50
    static let frames = 500

    @Test(
        "Whatever workers send, nothing is stored twice and an honest one completes the sweep",
        arguments: seeds)
    func desk(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        var malformed = 0
        for _ in 0..<Self.rounds {
            var target = DeskUnderFire()
            for _ in 0..<Self.frames { target.fire(&generator) }
            malformed += target.desk.tally.malformed
            target.complete()
            #expect(target.faults == [])
        }
        // The frames reach both sides of the decoder.
        let share = Double(malformed) / Double(Self.rounds * Self.frames)
        #expect(0.2...0.9 ~= share, "\(share) are malformed")
    }

    @Test("Whatever a coordinator sends, a worker solves only what there is", arguments: seeds)
    func bench(seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        var readable = 0
        for _ in 0..<Self.rounds {
            var target = BenchUnderFire()
            for _ in 0..<Self.frames { target.fire(&generator) }
            readable += target.readable
            #expect(target.faults == [])
        }
        let share = Double(readable) / Double(Self.rounds * Self.frames)
        #expect(0.1...0.8 ~= share, "\(share) can be read")
    }
}

private let table = Data("a,label,teacher_logit\n1,1,0.5\n".utf8)

private let sweepOfTable = {
    var other = sweep
    other.settings.learningTask = .table(
        TableReference(
            file: "/nowhere/t.csv", digest: sha256(table), label: "label",
            teacherLogit: "teacher_logit", features: ["a"]))
    return other
}()
private let digest = sweepOfTable.digest

private func result(of task: TaskID) -> Report {
    do throws(Malformed) {
        return .result(
            try PackedRows(
                rows(of: blocks[task]), of: blocks[task], metrics: sweep.metrics,
                sweepDigest: digest, seconds: 0.25, threads: 1))
    } catch { preconditionFailure("the fixture's rows are well-formed: \(error)") }
}

private func hello(_ worker: UInt64, held: [TaskID] = [2], finished: [TaskID] = [0]) -> Report {
    .hello(
        Hello(
            worker: WorkerID(high: worker << 32, low: 0), sweepDigest: digest, held: held,
            finished: finished,
            machine: Machine(host: "h", pid: Int32(worker), cores: 1, memory: 1 << 40)))
}

/// A coordinator's desk, and what workers gone mad may send it.
private struct DeskUnderFire {
    private static let reports: [Report] =
        (1...3).map { hello($0) } + blocks.indices.map(result)
        + [
            .heartbeat(Holdings(sweepDigest: digest, held: [1, 2], finished: [3], seen: 4)),
            .started(0, of: digest), .started(3, of: digest),
            .failure(1, of: digest, reason: "diverges"), .release(2, of: digest),
            .started(1, of: fixtureDigest), .goodbye,
            .needData(DataNeed(digest: sha256(table), offset: 0)),
        ]
    private static let frames = reports.map { $0.encoded() }

    var desk: Desk
    var faults: [String] = []
    private var now = Duration.zero
    private var stored: Set<Int> = []

    init() {
        desk = Desk(
            sweep: sweepOfTable, attachments: attachments(of: sweepOfTable, table), blocks: blocks,
            needs: Dictionary(uniqueKeysWithValues: blocks.map { ($0.number, Need(work: 1)) }),
            terms: .init(
                threads: 1, incarnation: 1, host: "h", localWorkers: 0, crashLimit: nil,
                timing: Timing()), log: quiet, now: .zero)
    }

    mutating func fire(_ generator: inout SeededGenerator) {
        now += generator.seconds(0...0.5)
        let session: [UInt8] = [0, .random(in: 1...4, using: &generator)]
        var parts = [session, generator.frame(like: Self.frames)]
        if generator.chance(0.01) { parts.removeLast() }
        if generator.chance(0.01) { parts.append([1]) }
        desk.receive(parts, at: now)
        if generator.chance(0.05) {
            desk.tick(at: now)
            desk.sendData()
            settle()
        }
        let letters = desk.takeLetters()
        if generator.chance(0.02) { for letter in letters { _ = letter.order.encoded() } }
    }

    private mutating func settle() {
        do {
            try desk.settle(at: now) { [metrics = sweep.metrics] finished in
                for finished in finished {
                    let cells = blocks[finished.task].wanted.joined().map {
                        blocks[finished.task].cellNumber(at: $0)
                    }
                    if !Set(finished.rows.map(\.cell)).isSubset(of: cells) {
                        faults.append("other cells")
                    }
                    if finished.rows.contains(where: { $0.contradiction(in: metrics) != nil }) {
                        faults.append("impossible values")
                    }
                    for row in finished.rows where !stored.insert(row.cell).inserted {
                        faults.append("stored twice")
                    }
                }
            }
        } catch { faults.append("\(error)") }
    }

    /// A worker that does as it is told comes, and the others fall silent.
    mutating func complete() {
        desk.receive([[9], hello(9, held: [], finished: []).encoded()], at: now)
        for _ in 0..<200 where !desk.isComplete {
            now += .seconds(1)
            for letter in desk.takeLetters() where letter.session == [9] {
                guard case .assign(let assignment) = letter.order else { continue }
                desk.receive([[9], result(of: assignment.task).encoded()], at: now)
            }
            desk.receive(
                [[9], Report.heartbeat(Holdings(sweepDigest: digest, held: [])).encoded()], at: now)
            desk.tick(at: now)
            settle()
        }
        if stored.count != sweep.grid.count { faults.append("\(stored.count) cells are stored") }
    }
}

/// A worker's bench, and what a coordinator gone mad may send it.
private struct BenchUnderFire {
    private static let orders: [Order] =
        blocks.map { .assign(Assignment(task: $0.number, wanted: $0.wanted)) }
        + [
            .welcome(Welcome(sweep: sweepOfTable, threads: 1, incarnation: 1)),
            .welcome(Welcome(sweep: sweep, threads: 1, incarnation: 2)),
            .heartbeat(incarnation: 1), .heartbeat(incarnation: 2), .whoAreYou,
            .acknowledge(0), .discard(1), .stop, .refuse(reason: "no"),
            .data(
                DataChunk(digest: sha256(table), offset: 0, total: table.count, bytes: table)),
        ]
    private static let frames = orders.map { $0.encoded() }

    var faults: [String] = []
    var readable = 0
    private var bench = Self.newBench(at: .zero)
    private var now = Duration.zero
    private var jobs: [Block] = []
    /// What the solver works on, and the files that it has.
    private var current: Sweep?
    private var attached: Set<String> = []

    private static func newBench(at now: Duration) -> Workbench {
        var bench = Workbench(
            id: WorkerID(high: 1, low: 2),
            machine: Machine(host: "h", pid: 1, cores: 1, memory: 1 << 40), timing: Timing(),
            now: now)
        _ = bench.handle(.connected, at: now)
        return bench
    }

    mutating func fire(_ generator: inout SeededGenerator) {
        now += generator.seconds(0...0.5)
        if generator.chance(0.05) { perform(bench.handle(.ticked, at: now)) }
        if generator.chance(0.1), let block = jobs.popLast(), block.number < blocks.count {
            perform(bench.handle(.began(block.number), at: now))
            guard case .result(let rows) = result(of: block.number) else { return }
            perform(bench.handle(.solved(rows), at: now))
        }
        guard let order = try? Order(encoded: generator.frame(like: Self.frames)) else { return }
        readable += 1
        perform(bench.handle(.received(order), at: now))
    }

    private mutating func perform(_ actions: [Workbench.Action]) {
        for action in actions {
            switch action {
            case .send(let report):
                if (try? Report(encoded: report.encoded())) == nil { faults.append("\(report)") }
            case .solve(let block, _):
                let isThere = block.wanted.allSatisfy { $0.upperBound <= block.places.count }
                if !isThere { faults.append("\(block)") }
                let digests = current?.attachmentDigests(of: block) ?? []
                if current == nil || !attached.isSuperset(of: digests) {
                    faults.append("\(block) without its sweep or its files")
                }
                jobs.append(block)
            case .cancel(let task): jobs.removeAll { $0.number == task }
            case .reconnect: perform(bench.handle(.connected, at: now))
            case .prepare(let sweep, _): (current, attached) = (sweep, [])
            case .attach(let bytes, let digest):
                if !attached.insert(digest).inserted { faults.append("\(digest) twice") }
                if sha256(bytes) != digest { faults.append("other bytes than \(digest)") }
            case .say: break
            case .end:
                bench = Self.newBench(at: now)
                (jobs, current, attached) = ([], nil, [])
            }
        }
    }
}
