import Seeded
import Testing

@testable import Scheduling

/// Workers with little memory or little time.
@Suite struct FitTests {
    private func gigabytes(_ count: Double, until: Double? = nil) -> Limits {
        Limits(memory: count * 1e9, until: until.map { .seconds($0) })
    }

    private func until(_ seconds: Double) -> Limits { Limits(until: .seconds(seconds)) }

    @Test func aWorkerIsGivenTheLongestTasksThatFitItsMemory() {
        var run = Transcript(needs: (5, 8), (4, 2), (3, 8), (2, 2), (1, 4.5), (1, 4))
        run.at(
            0, .joined(a, held: [], limits: gigabytes(4)), .assign(1, to: a), .assign(3, to: a),
            .misfit(
                Misfit(tasks: 3, reason: "needs 8.0 GB, the largest worker has 4.0 GB")))
        run.at(
            1, .joined(b, held: [], limits: gigabytes(8)), .assign(0, to: b), .assign(2, to: b),
            .misfit(nil))
        run.at(2, .started(1, by: a))
        run.at(3, .finished(1, by: a), .assign(5, to: a))
        #expect(run.scheduler.snapshot.misfit == nil)
    }

    @Test func whatNobodyCanDoIsSaidOnceForEachChange() {
        var run = Transcript(needs: (2, 3.21), (1, 0.25))
        let misfit = Misfit(tasks: 2, reason: "needs 3.3 GB, the largest worker has 100 MB")
        run.at(0, .ticked)
        run.at(1, .joined(a, held: [], limits: gigabytes(0.1)), .misfit(misfit))
        #expect(run.scheduler.snapshot.misfit == misfit)
        run.wait(until: 5, hearing: a)
        run.at(6, .joined(b, held: [], limits: gigabytes(0.1)))
        // Nobody there tells nothing of what will come.
        run.at(7, .left(a))
        run.at(7, .left(b))
        run.at(8, .joined(a, held: [], limits: gigabytes(0.1)))
        let less = Misfit(tasks: 1, reason: "needs 3.3 GB, the largest worker has 300 MB")
        run.at(9, .joined(c, held: [], limits: gigabytes(0.3)), .assign(1, to: c), .misfit(less))
        // Whatever became of its lease: a result is a result.
        run.at(10, .finished(0, by: a), .misfit(nil))
    }

    @Test func whereNoLargerWorkerCanComeItFailsAtOnce() {
        var run = Transcript(
            needs: (3, 9.1), (2, 1), (1, 9.1), settings: .init(expectsLargerWorkers: false))
        let reason = "needs 9.1 GB, the largest worker has 4.0 GB"
        run.at(0, .ticked)
        run.at(
            0, .joined(a, held: [], limits: gigabytes(4)), .assign(1, to: a),
            .fail(0, reason: reason, by: nil), .fail(2, reason: reason, by: nil))
        run.at(0, .started(1, by: a))
        run.at(1, .finished(1, by: a))
    }

    @Test func aReturnedTaskGoesToAWorkerWithTheMemory() {
        var run = Transcript(needs: (2, 8), (1, 8))
        run.at(
            0, .joined(a, held: [], limits: gigabytes(8)), .assign(0, to: a), .assign(1, to: a))
        run.at(0, .joined(b, held: [], limits: gigabytes(4)))
        run.at(0, .joined(c, held: [], limits: gigabytes(9)), .assign(0, to: c))
        run.at(1, .released(1, by: a), .assign(1, to: c))
    }

    @Test func aSecondLeaseNeedsTheMemoryToo() {
        var run = Transcript(needs: (2, 8), (1, 3))
        run.at(
            0, .joined(a, held: [], limits: gigabytes(8)), .assign(0, to: a), .assign(1, to: a))
        run.at(0, .joined(b, held: [], limits: gigabytes(4)), .assign(1, to: b))
        run.at(0, .joined(worker(0xd), held: [], limits: gigabytes(4)))
        run.at(0, .joined(c, held: [], limits: gigabytes(8)), .assign(0, to: c))
    }

    @Test func aWorkerIsGivenWhatItSolvesInTheTimeThatItHasLeft() {
        var run = Transcript(20, 10, 10, 4)
        run.at(0, .joined(a, held: []), .assign(0, to: a), .assign(1, to: a))
        run.at(0, .started(0, by: a))
        for second in 1...9 { run.at(Double(2 * second), .heard(a)) }
        // A unit of work takes a second.
        run.at(20, .finished(0, by: a), .assign(2, to: a))
        run.at(20, .joined(b, held: [], limits: until(25)), .assign(3, to: b))
        run.at(20, .joined(c, held: [], limits: until(23)))
        // What b holds leaves it too little time for more, and c never had it.
        run.at(21, .left(a))
        run.at(21, .heard(c))
        run.at(
            21, .joined(worker(0xd), held: []), .assign(1, to: worker(0xd)),
            .assign(2, to: worker(0xd)))
    }

    @Test func itsTimeIsJudgedAnewWithEachOfItsWords() {
        var run = Transcript(10, 10, 10, 10, 10)
        run.at(0, .joined(a, held: []), .assign(0, to: a), .assign(1, to: a))
        run.at(0, .started(0, by: a))
        run.at(5, .heard(a))
        run.at(10, .finished(0, by: a), .assign(2, to: a))
        run.at(10, .started(1, by: a))
        run.at(10, .joined(b, held: [], limits: until(19)))
        // Two at twenty-odd times the pace: now everybody's speed is another.
        run.at(10.1, .finished(1, by: a), .assign(3, to: a))
        run.at(10.1, .started(2, by: a))
        run.at(10.2, .heard(b), .assign(4, to: b))
        run.at(18, .heard(a))
        // Past its time it is given nothing, not even a second lease.
        run.at(19, .finished(4, by: b))
    }

    @Test func whatTakesLongerThanAnybodyHasIsSaid() {
        var run = Transcript(needs: (100, 2), (10, 1))
        run.at(
            0, .joined(a, held: [], limits: gigabytes(1)), .assign(1, to: a),
            .misfit(Misfit(tasks: 1, reason: "needs 2.0 GB, the largest worker has 1.0 GB")))
        run.at(0, .started(1, by: a))
        run.at(5, .heard(a))
        run.at(10, .finished(1, by: a))
        run.at(
            11, .joined(b, held: [], limits: gigabytes(2, until: 61)),
            .misfit(
                Misfit(
                    tasks: 1,
                    reason: "needs some 100 s, more than any worker with the memory for it has left"
                )))
        run.wait(until: 40, hearing: a, b)
        run.at(41, .joined(c, held: [], limits: gigabytes(2)), .assign(0, to: c), .misfit(nil))
    }

    @Test(arguments: 0..<50)
    func theWaitingTasksAreSearchedAsAListWouldBe(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let classes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
            Int.random(in: 0..<5, using: &generator)
        }
        let rounds = classes.map { _ in Int.random(in: 0..<4, using: &generator) }
        var waiting = WaitingTasks(classes: classes, classCount: 5, rounds: rounds)
        var list = Set(classes.indices)
        for _ in 0..<200 {
            if let rank = classes.indices.randomElement(using: &generator) {
                if generator.chance(0.5) {
                    waiting.insert(rank, memoryClass: classes[rank])
                    list.insert(rank)
                } else {
                    waiting.remove(rank)
                    list.remove(rank)
                }
            }
            let start = Int.random(in: 0...classes.count, using: &generator)
            let limit = Int.random(in: 0...5, using: &generator)
            let fitting = list.filter { $0 >= start && classes[$0] < limit }
            #expect(waiting.longest(from: start, below: limit) == fitting.min())
            let next = list.filter { classes[$0] < limit }.min {
                (rounds[$0], $0) < (rounds[$1], $1)
            }
            #expect(waiting.next(below: limit) == next)
            #expect(waiting.contains(below: limit) == list.contains { classes[$0] < limit })
            #expect(waiting.count == list.count && waiting.isEmpty == list.isEmpty)
            #expect(
                waiting.counts == (0..<5).map { need in list.count { classes[$0] == need } })
        }
    }

    @Test("A worker that is killed when its time is up costs its task no attempt")
    func theEndOfTime() {
        var run = Transcript(10, settings: .init(crashLimit: 1))
        run.at(0, .joined(a, held: [], limits: until(60)), .assign(0, to: a))
        run.at(0, .started(0, by: a))
        run.wait(until: 55, hearing: a)
        run.at(59, .ticked)
        run.at(65, .ticked, .suspect(a))
        #expect(
            run.scheduler.snapshot.tasks.waiting == 1 && run.scheduler.snapshot.tasks.failed == 0)
    }

    @Test("A task that outlasts its worker is taken to need twice as long, and waits for more time")
    func outlasting() {
        var run = Transcript(10)
        run.at(0, .joined(a, held: [], limits: until(60)), .assign(0, to: a))
        run.at(0, .started(0, by: a))
        run.wait(until: 59, hearing: a)
        let reason = "needs some 120 s, more than any worker with the memory for it has left"
        run.at(60, .released(0, by: a), .misfit(Misfit(tasks: 1, reason: reason)))
        run.at(60, .left(a))
        let kind = WorkerKind(time: .seconds(100))
        #expect(run.scheduler.demand(for: kind, guess: 1).unfit == 1)
        run.at(61, .joined(b, held: [], limits: until(161)))
        run.at(62, .joined(c, held: [], limits: until(200)), .assign(0, to: c), .misfit(nil))
    }

    @Test("What is to be done for new workers: tasks that nobody has begun and that they could do")
    func demand() {
        var run = Transcript(needs: (4, 8), (3, 2), (2, 2), (1, 2))
        run.at(
            0, .joined(a, held: [], limits: gigabytes(4)), .assign(1, to: a), .assign(2, to: a),
            .misfit(Misfit(tasks: 1, reason: "needs 8.0 GB, the largest worker has 4.0 GB")))
        run.at(0, .started(1, by: a))
        let demand = run.scheduler.demand(for: WorkerKind(memory: 4e9), guess: 10)
        #expect(
            demand
                == Demand(
                    unfinished: 4, unbegun: 2, work: .seconds(30), unfit: 1, attendants: []))
        #expect(!run.scheduler.isIdle(a) && !run.scheduler.isIdle(b))
    }
}
