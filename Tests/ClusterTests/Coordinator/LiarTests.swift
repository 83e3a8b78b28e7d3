import Foundation
import Scheduling
import Sweep
import Synchronization
import Testing
import Waiting
import ZeroMQ

@testable import Cluster

/// Workers that have the right key and say what isn't so, over TCP.
@Suite(.ownThread, .timeLimit(.minutes(2))) struct LiarTests {
    struct Lie: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// What it is told.
        var mention: String
        var frame: @Sendable (WorkerID) throws -> [UInt8]

        init(
            _ name: String, _ mention: String,
            _ frame: @escaping @Sendable (WorkerID) throws -> [UInt8]
        ) {
            testDescription = name
            self.mention = mention
            self.frame = frame
        }

        init(
            _ name: String, _ mention: String,
            result: @escaping @Sendable (inout PackedRows) -> Void
        ) {
            self.init(name, mention) { _ in
                var rows = try packedRows(of: blocks[0])
                result(&rows)
                return Report.result(rows).encoded()
            }
        }
    }

    static let lies = [
        Lie("bytes that are no message", "not a message") { _ in [0xff, 0xff, 0xff] },
        Lie("an empty message", "a message of no known kind") { _ in [] },
        Lie("half a result", "not a message") { _ in
            let whole = Report.result(try packedRows(of: blocks[0])).encoded()
            return Array(whole.prefix(whole.count / 2))
        },
        Lie("a result of no task", "a word of task 99, of 6") { $0.task = 99 },
        Lie("a result of cells that there aren't", "cells that task 0 hasn't") {
            $0.places = [0..<9]
        },
        Lie("places of other cells", "8 statuses and 24 values of 7 cells") { $0.places = [0..<7] },
        Lie("too few values", "8 statuses and 23 values of 8 cells") { $0.values.removeLast() },
        Lie("too few statuses", "7 statuses and 24 values of 8 cells") { $0.statuses.removeLast() },
        Lie("NaN where none may be", "is ok, with transfer_risk undefined") {
            $0.values[1] = .nan
        },
        Lie("an infinite share", "a share transfer_risk of inf") { $0.values[1] = .infinity },
        Lie("the beginning of no task", "a word of task 6, of 6") { _ in
            Report.started(6).encoded()
        },
        Lie("the failure of no task", "a word of task 99, of 6") { _ in
            Report.failure(99, reason: "so").encoded()
        },
        Lie("the release of no task", "a word of task 99, of 6") { _ in
            Report.release(99).encoded()
        },
        Lie("a heartbeat that holds no task", "a word of task 99, of 6") { _ in
            Report.heartbeat(held: [0, 99]).encoded()
        },
        Lie("a hello that keeps no task", "a word of task 99, of 6") { worker in
            let machine = Machine(host: "puppet", pid: 1, cores: 1, memory: 1 << 40)
            return Report.hello(
                Hello(
                    worker: worker, sweepDigest: sweep.digest, held: [], finished: [99],
                    machine: machine)
            ).encoded()
        },
        Lie("a wish for a table that isn't there", "data that is not this sweep's") { _ in
            Report.needData(DataNeed(digest: "abc", offset: 0)).encoded()
        },
    ]

    /// A coordinator on TCP, and where it listens.
    private func startCoordinator(as identity: Identity) throws -> (Background<Run>, String) {
        let address = Mutex<String?>(nil)
        let coordinator = try ClusterTests.startCoordinator(
            at: "tcp://127.0.0.1:*", as: identity, timing: Timing(),
            announce: { endpoint in address.withLock { $0 = endpoint } })
        for _ in 0..<2000 where address.withLock({ $0 == nil }) { usleep(5000) }
        return (coordinator, try #require(address.withLock { $0 }))
    }

    private func key(of identity: Identity) -> Security {
        .client(identity.workers, server: identity.coordinator.publicKey)
    }

    private func finish(
        _ coordinator: Background<Run>, at endpoint: String, with identity: Identity
    ) throws -> Run {
        let worker = try Puppet(at: endpoint, security: key(of: identity))
        try worker.sayHello()
        while true {
            switch try worker.hear() {
            case .assign(let assignment):
                try worker.say(.result(try packedRows(of: blocks[assignment.task])))
            case .stop: return try coordinator.value()
            case .welcome, .heartbeat, .whoAreYou, .acknowledge, .discard, .refuse, .data: continue
            }
        }
    }

    @Test("A lie is refused, counted and harms nobody", arguments: lies)
    func lie(lie: Lie) throws {
        let identity = try Identity()
        let (coordinator, endpoint) = try startCoordinator(as: identity)
        let liar = try Puppet(at: endpoint, security: key(of: identity))
        try liar.sayHello()
        _ = try liar.hearAssignments(1)
        try liar.say(raw: try lie.frame(liar.id))
        var reason: String?
        while reason == nil {
            if case .refuse(let text) = try liar.hear() { reason = text }
        }
        #expect(reason!.contains(lie.mention), "\(reason!)")
        let run = try finish(coordinator, at: endpoint, with: identity)
        #expect(run.outcome == .complete && run.rows == everyRow)
        #expect(run.progress.malformed == 1)
    }

    @Test("The longest reports of honest workers are below the limit")
    func longest() throws {
        // Many tasks, of one cell each, whose numbers take as many bytes as may be.
        var many = sweep
        many.grid.seed = (0..<200_000).map { $0 }
        many.grid.width = [.infinite]
        let all = (0..<many.tasks.count).map { $0 }
        #expect(all.count >= 200_000)
        let machine = Machine(
            host: String(repeating: "h", count: 255), pid: 1, cores: 1, memory: 1 << 40)
        let hello = Hello(
            worker: WorkerID(high: 1, low: 2), sweepDigest: many.digest, held: all, finished: all,
            machine: machine)
        let holdings = Holdings(sweepDigest: many.digest, held: all, finished: all, seen: .max)
        for report in [Report.hello(hello), .heartbeat(holdings)] {
            #expect(report.encoded().count < many.longestReport)
        }
        // A block all of whose cells fail for the longest reasons.
        let block = blocks[0]
        let reason = String(repeating: "€", count: 5000)
        let failed = block.wanted.joined().map {
            Row(
                cell: block.cellNumber(at: $0), status: .failed, values: [.nan, .nan, .nan],
                error: reason)
        }
        let packed = try PackedRows(
            failed, of: block, metrics: sweep.metrics, sweepDigest: fixtureDigest, seconds: 1,
            threads: 1)
        let mostOfCells = sweep.longestReport - (1 << 20)
        #expect(Report.result(packed).encoded().count < mostOfCells)
    }

    @Test("A message larger than any report is not even read: its sender is hung up on")
    func huge() throws {
        let identity = try Identity()
        let (coordinator, endpoint) = try startCoordinator(as: identity)
        let liar = try Puppet(at: endpoint, security: key(of: identity))
        try liar.sayHello()
        _ = try liar.hearAssignments(1)
        try liar.say(raw: [UInt8](repeating: 1, count: sweep.longestReport + 1))
        #expect(try liar.isHungUpOn())
        try liar.say(.goodbye)
        let run = try finish(coordinator, at: endpoint, with: identity)
        #expect(run.outcome == .complete && run.rows == everyRow)
    }
}
