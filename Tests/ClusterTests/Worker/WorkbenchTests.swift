import Scheduling
import Sweep
import Testing

@testable import Cluster

/// Transcripts: an event in, the whole list of actions out.
@Suite struct WorkbenchTests {
    private let id = WorkerID(high: 1, low: 2)
    private let machine = Machine(host: "h", pid: 1, cores: 1, memory: 1)
    private let welcome = Order.welcome(Welcome(sweep: sweep, threads: 1, incarnation: 9))
    private var bench: Workbench

    init() {
        bench = Workbench(id: id, machine: machine, timing: Timing(), now: .zero)
    }

    private func hello(digest: String?, held: [TaskID] = [], finished: [TaskID] = [])
        -> Workbench.Action
    {
        .send(
            .hello(
                Hello(
                    worker: id, sweepDigest: digest, held: held, finished: finished,
                    machine: machine)))
    }

    private func assign(_ task: TaskID) -> Workbench.Event {
        .received(.assign(Assignment(task: task, wanted: blocks[task].wanted)))
    }

    /// A bench that was welcomed and given tasks 0, 1 and 2, of which it began the first.
    private mutating func prepareForWork() {
        _ = bench.handle(.connected, at: .zero)
        _ = bench.handle(.received(welcome), at: .zero)
        for task in 0...2 { _ = bench.handle(assign(task), at: .zero) }
        _ = bench.handle(.began(0), at: .zero)
    }

    @Test mutating func aTaskIsTakenSolvedDeliveredAndForgotten() throws {
        #expect(bench.handle(.connected, at: .zero) == [hello(digest: nil)])
        #expect(bench.handle(.received(.whoAreYou), at: .zero) == [])
        #expect(
            bench.handle(.received(welcome), at: .zero) == [.prepare(sweep, threads: 1)]
        )
        #expect(bench.handle(assign(3), at: .zero) == [.solve(blocks[3])])
        #expect(bench.handle(assign(3), at: .zero) == [], "it has it already")
        #expect(bench.handle(.began(3), at: .zero) == [.send(.started(3))])
        let result = try packedRows(of: blocks[3])
        #expect(bench.handle(.solved(result), at: .zero) == [.send(.result(result))])
        #expect(bench.handle(assign(3), at: .zero) == [.send(.result(result))], "it kept it")
        #expect(bench.handle(.received(.acknowledge(3)), at: .zero) == [])
        #expect(bench.handle(assign(3), at: .zero) == [.solve(blocks[3])])
    }

    @Test mutating func whatHappenedDuringACutIsSaidAfterTheNextWelcome() throws {
        prepareForWork()
        let digest = sweep.digest
        #expect(
            bench.handle(.received(.whoAreYou), at: .zero)
                == [hello(digest: digest, held: [0, 1, 2])])
        let result = try packedRows(of: blocks[0])
        #expect(bench.handle(.solved(result), at: .zero) == [])
        #expect(bench.handle(.began(1), at: .zero) == [])
        #expect(bench.handle(.failed(1, reason: "no"), at: .zero) == [])
        #expect(bench.handle(.began(2), at: .zero) == [])
        #expect(
            bench.handle(.received(welcome), at: .zero)
                == [
                    .send(.started(2)), .send(.result(result)),
                    .send(.failure(1, reason: "no")),
                ])
        #expect(
            bench.handle(.connected, at: .zero)
                == [hello(digest: digest, held: [2], finished: [0, 1])])
    }

    @Test mutating func anotherSweepStartsAfresh() {
        prepareForWork()
        var other = sweep
        other.metrics = [.corrected]
        _ = bench.handle(.received(.whoAreYou), at: .zero)
        let welcome = Order.welcome(Welcome(sweep: other, threads: 1, incarnation: 9))
        #expect(
            bench.handle(.received(welcome), at: .zero)
                == [
                    .cancel(0), .cancel(1), .cancel(2),
                    .say(
                        "the coordinator has another sweep now; tasks of the last one are dropped "
                            + "(3 unfinished)"), .prepare(other, threads: 1),
                ])
        #expect(bench.handle(.failed(0, reason: "of the old sweep"), at: .zero) == [])
    }

    @Test mutating func anotherIncarnationIsGreeted() {
        prepareForWork()
        #expect(bench.handle(.received(.heartbeat(incarnation: 9)), at: .zero) == [])
        #expect(
            bench.handle(.received(.heartbeat(incarnation: 8)), at: .zero)
                == [hello(digest: sweep.digest, held: [0, 1, 2])])
    }

    @Test mutating func whatIsDiscardedIsForgotten() throws {
        prepareForWork()
        #expect(bench.handle(.received(.discard(1)), at: .zero) == [.cancel(1)])
        #expect(bench.handle(.received(.discard(0)), at: .zero) == [.cancel(0)])
        #expect(bench.handle(.solved(try packedRows(of: blocks[0])), at: .zero) == [])
        #expect(
            bench.handle(.ticked, at: .seconds(1)) == [.send(.heartbeat(held: [2]))])
    }

    @Test mutating func aDismissedWorkerHandsBackItsTasks() {
        prepareForWork()
        #expect(
            bench.handle(.dismissed, at: .zero)
                == [
                    .send(.release(0)), .send(.release(1)), .send(.release(2)), .send(.goodbye),
                    .end(.dismissed),
                ])
    }

    @Test mutating func silenceEndsInAFreshConnection() {
        prepareForWork()
        for second in 1...9 {
            #expect(
                bench.handle(.ticked, at: .seconds(second))
                    == [.send(.heartbeat(held: [0, 1, 2]))])
        }
        #expect(bench.handle(.ticked, at: .seconds(10)) == [.reconnect])
        #expect(
            bench.handle(.connected, at: .seconds(10))
                == [hello(digest: sweep.digest, held: [0, 1, 2])])
        #expect(bench.handle(.ticked, at: .seconds(19)) == [])
        #expect(bench.handle(.ticked, at: .seconds(20)) == [.reconnect])
    }

    @Test mutating func aWorkerThatWasItselfAwayBlamesNobody() {
        prepareForWork()
        #expect(
            bench.handle(.ticked, at: .seconds(100)) == [.send(.heartbeat(held: [0, 1, 2]))])
    }

    @Test mutating func ordersToEndAreFollowed() {
        prepareForWork()
        #expect(bench.handle(.received(.stop), at: .zero) == [.end(.stopped)])
        #expect(
            bench.handle(.received(.refuse(reason: "no")), at: .zero)
                == [.end(.refused(reason: "no"))])
        #expect(
            bench.handle(.unprepared(of: fixtureDigest, reason: "no table"), at: .zero)
                == [.send(.goodbye), .end(.unprepared(reason: "no table"))])
    }

    @Test mutating func aWorkerThatComputesWronglyHandsItsTasksBack() {
        prepareForWork()
        let actions = bench.handle(.miscalculated(reason: "a product"), at: .zero)
        #expect(
            actions == (0..<3).map { .send(.release($0, of: fixtureDigest)) } + [
                .send(.goodbye), .end(.miscalculated(reason: "a product")),
            ])
    }

    @Test mutating func itSaysHowLongItStaysAndHandsItsTasksBackThen() {
        bench = Workbench(
            id: id, machine: machine, timing: Timing(), limits: .init(time: .seconds(60)),
            now: .seconds(5))
        var here = machine
        here.timeLeft = .seconds(50)
        #expect(
            bench.handle(.connected, at: .seconds(15)) == [
                .send(
                    .hello(
                        Hello(
                            worker: id, sweepDigest: nil, held: [], finished: [], machine: here)))
            ])
        _ = bench.handle(.received(welcome), at: .seconds(15))
        _ = bench.handle(assign(4), at: .seconds(60))
        #expect(bench.handle(.ticked, at: .seconds(64)) == [.send(.heartbeat(held: [4]))])
        #expect(
            bench.handle(.ticked, at: .seconds(65))
                == [.send(.release(4)), .send(.goodbye), .end(.expired)])
    }

    @Test mutating func idlenessIsCountedFromTheLastTaskOn() {
        bench = Workbench(
            id: id, machine: machine,
            timing: Timing(heartbeat: .seconds(50), silence: .seconds(90)),
            limits: .init(idle: .seconds(20)), now: .zero)
        prepareForWork()
        #expect(bench.handle(.ticked, at: .seconds(40)) == [])
        for task in 0...2 { _ = bench.handle(.failed(task, reason: "no"), at: .seconds(40)) }
        #expect(
            bench.handle(.ticked, at: .seconds(59))
                == [.send(.heartbeat(held: [], finished: [0, 1, 2]))])
        #expect(
            bench.handle(.ticked, at: .seconds(60)) == [.send(.goodbye), .end(.idle)])
    }

    @Test mutating func aFreshSocketIsOpenedLessAndLessOftenUntilSomebodyAnswers() {
        var opened: [Int] = []
        _ = bench.handle(.connected, at: .zero)
        for second in 1...300 where bench.handle(.ticked, at: .seconds(second)) == [.reconnect] {
            opened.append(second)
            _ = bench.handle(.connected, at: .seconds(second))
        }
        #expect(opened == [10, 30, 70, 130, 190, 250])
        _ = bench.handle(.received(welcome), at: .seconds(300))
        for second in 301...309 { _ = bench.handle(.ticked, at: .seconds(second)) }
        #expect(bench.handle(.ticked, at: .seconds(310)) == [.reconnect])
    }
}
