import Foundation
import Scheduling
import Sweep
import Testing

@testable import Cluster

@Suite struct MessageTests {
    static let worker = WorkerID(high: 0xfedc_ba98_7654_3210, low: 3)
    static let machine = Machine(
        host: "node-1", pid: 4711, cores: 8, memory: 1 << 34, timeLeft: .seconds(90),
        processors: "0-3,8", processorType: "AMD EPYC 9R14", blas: "OpenBLAS 0.3.21 Zen",
        job: "4711_3")

    static let reports: [Report] = [
        .hello(
            Hello(worker: worker, sweepDigest: nil, held: [], finished: [], machine: machine)),
        .hello(
            Hello(
                worker: worker, sweepDigest: "abc", held: [3, 0], finished: [5],
                machine: Machine(host: "", pid: 1, cores: 1, memory: 0))),
        .heartbeat(held: []), .heartbeat(held: [1, 2, 300], finished: [0, 7], seen: .max),
        .started(0), .failure(7, reason: "no such table"), .release(Int.max), .goodbye,
        .needData(DataNeed(digest: "abc", offset: 1 << 40)),
    ]

    @Test(arguments: reports) func aReportReadsBack(report: Report) throws {
        #expect(try Report(encoded: report.encoded()) == report)
    }

    static let orders: [Order] = [
        .welcome(Welcome(sweep: sweep, threads: 4, incarnation: .max)),
        .heartbeat(incarnation: 0), .whoAreYou,
        .assign(Assignment(task: 5, wanted: [0..<8])),
        .assign(Assignment(task: 0, wanted: [1..<2, 4..<6, 7..<8], isSuspect: true)),
        .acknowledge(4), .discard(0), .stop, .refuse(reason: "another version"),
        .data(DataChunk(digest: "abc", offset: 3, total: 5, bytes: Data([0, 255]))),
    ]

    @Test(arguments: orders) func anOrderReadsBack(order: Order) throws {
        #expect(try Order(encoded: order.encoded()) == order)
    }

    @Test(arguments: blocks) func aResultReadsBackAsItsRows(block: Block) throws {
        let narrowed = try #require(block.narrowed { !$0.isMultiple(of: 4) })
        for block in [block, narrowed] {
            let packed = try packedRows(of: block)
            let report = try Report(encoded: Report.result(packed).encoded())
            #expect(report == .result(packed))
            #expect(
                try packed.rows(of: block, metrics: sweep.metrics) == rows(of: block))
        }
    }

    @Test func aCellThatFailedCarriesItsReasonInOneLine() throws {
        var failing = rows(of: blocks[0])
        failing[2] = Row(
            cell: failing[2].cell, status: .failed, values: [.nan, .nan, .nan], error: "a\r\nb\n")
        let packed = try PackedRows(
            failing, of: blocks[0], metrics: sweep.metrics, sweepDigest: fixtureDigest, seconds: 1,
            threads: 2)
        #expect(packed.errors == [.init(position: 2, reason: "a; b")])
        failing[2].error = "a; b"
        #expect(
            try packed.rows(of: blocks[0], metrics: sweep.metrics) == failing)
    }

    @Test func aHelloOfAnotherVersionIsReadAsFarAsItsVersion() throws {
        var hello = WireHello()
        hello.version = 9
        hello.held = [.max]
        let report = try Report(encoded: bytes(of: WireReport.with { $0.kind = .hello(hello) }))
        guard case .hello(let read) = report else {
            Issue.record("\(report)")
            return
        }
        #expect(read.version == 9 && read.held.isEmpty)
    }

    @Test func anAssignmentMustFitTheSweep() throws {
        #expect(try Assignment(task: 5, wanted: [7..<8]).block(in: sweep.tasks).wantedCount == 1)
        #expect(throws: Malformed(description: "no task 6")) {
            try Assignment(task: 6, wanted: [0..<1]).block(in: sweep.tasks)
        }
        #expect(throws: Malformed(description: "task 5 has no place 8")) {
            try Assignment(task: 5, wanted: [7..<9]).block(in: sweep.tasks)
        }
    }

    @Test(
        arguments: [[0], [0, 0], [0, 1, 0, 1], [.max, 1], [1, UInt64(Int.max)]] as [[UInt64]])
    func runsOfNoShapeAreRefused(packed: [UInt64]) {
        #expect(throws: Malformed.self) { try unpacked(packed) }
    }
}

@Suite struct ReasonTests {
    @Test func aReasonIsBrief() {
        let long = briefReason(String(repeating: "ä", count: 5000))
        #expect(long.utf8.count <= 903 && long.hasSuffix("ä…"))
        let words = "eta = 0.5: “ß” is λ, 日本"
        #expect(briefReason(words) == words)
    }
}
