import Scheduling
import Sweep
import Testing

@testable import Cluster

/// What becomes of a worker's tasks when another coordinator takes over that has other threads, another
/// sweep or another store. Transcripts of the worker's bench, then of the coordinator's desk.
@Suite struct TakeoverTests {
    private let id = WorkerID(high: 1, low: 2)
    private let machine = Machine(host: "h", pid: 1, cores: 1, memory: 1 << 40)
    private var bench: Workbench

    /// Of the same blocks, with other numbers in them.
    private static let mended = {
        var mended = sweep
        mended.settings.student.weightScale = 2
        return mended
    }()

    /// A bench that was given tasks 0, 1 and 2 of the fixture's sweep, keeps the result of the first,
    /// has begun the second and lost its coordinator.
    init() throws {
        bench = Workbench(id: id, machine: machine, timing: Timing(), now: .zero)
        _ = bench.handle(.connected, at: .zero)
        _ = bench.handle(.received(Self.welcome(sweep, threads: 1)), at: .zero)
        for task in 0...2 {
            let assignment = Assignment(
                task: task, wanted: blocks[task].wanted, number: UInt64(task) + 1)
            _ = bench.handle(.received(.assign(assignment)), at: .zero)
        }
        _ = bench.handle(.began(0), at: .zero)
        _ = bench.handle(.solved(try packedRows(of: blocks[0])), at: .zero)
        _ = bench.handle(.began(1), at: .zero)
        _ = bench.handle(.connected, at: .zero)
    }

    private static func welcome(_ sweep: Sweep, threads: Int) -> Order {
        .welcome(Welcome(sweep: sweep, threads: threads, incarnation: 9))
    }

    @Test("With other threads everything counts; what isn't begun is done with them")
    mutating func otherThreads() throws {
        let kept = try packedRows(of: blocks[0])
        #expect(
            bench.handle(.received(Self.welcome(sweep, threads: 2)), at: .zero) == [
                .cancel(2), .prepare(sweep, threads: 2), .solve(blocks[2]),
                .send(.started(1)), .send(.result(kept)),
            ])
        var late = try packedRows(of: blocks[1])
        #expect(bench.handle(.solved(late), at: .zero) == [.send(.result(late))])
        late = try packedRows(of: blocks[2])
        late.threads = 2
        #expect(bench.handle(.began(2), at: .zero) == [.send(.started(2))])
        #expect(bench.handle(.solved(late), at: .zero) == [.send(.result(late))])
    }

    @Test("Under another sweep nothing counts, which is said; the numbers are other tasks'")
    mutating func otherSweep() throws {
        let other = Self.mended
        let block = other.tasks[1]
        #expect(
            bench.handle(.received(Self.welcome(other, threads: 1)), at: .zero) == [
                .cancel(1), .cancel(2),
                .say(
                    "the coordinator has another sweep now; tasks of the last one are dropped "
                        + "(2 unfinished, 1 finished)"), .prepare(other, threads: 1),
            ])
        #expect(
            bench.handle(.received(.assign(Assignment(task: 1, wanted: block.wanted))), at: .zero)
                == [.solve(block)])
        // What the solver says of the old sweep's task 1.
        #expect(bench.handle(.began(1), at: .zero) == [])
        #expect(bench.handle(.failed(1, reason: "diverges"), at: .zero) == [])
        #expect(bench.handle(.solved(try packedRows(of: blocks[1])), at: .zero) == [])
        #expect(bench.handle(.unprepared(of: fixtureDigest, reason: "no"), at: .zero) == [])
        let digest = other.digest
        #expect(
            bench.handle(.began(1, of: digest), at: .zero) == [.send(.started(1, of: digest))])
        #expect(
            bench.handle(.failed(1, of: digest, reason: "so"), at: .zero)
                == [.send(.failure(1, of: digest, reason: "so"))])
    }

    @Test("A heartbeat says what is held, what is kept, and up to which assignment")
    mutating func heartbeat() {
        _ = bench.handle(.received(Self.welcome(sweep, threads: 1)), at: .zero)
        #expect(
            bench.handle(.ticked, at: .seconds(1))
                == [.send(.heartbeat(held: [1, 2], finished: [0]))], "of another coordinator")
        let more = Assignment(task: 4, wanted: blocks[4].wanted, number: 7)
        _ = bench.handle(.received(.assign(more)), at: .seconds(1))
        #expect(
            bench.handle(.ticked, at: .seconds(2))
                == [.send(.heartbeat(held: [1, 2, 4], finished: [0], seen: 7))])
    }
}
