import Testing

@testable import Scheduling

/// Tasks that become wanted while others are done.
@Suite struct GrowingListTests {
    @Test("A task that isn't wanted is given to nobody, and doesn't keep the run from its end")
    func unwanted() {
        var run = Transcript([0: 3, 1: 2, 2: 1], unwanted: [1])
        run.at(0, .joined(a, held: []), .assign(0, to: a), .assign(2, to: a))
        #expect(run.scheduler.snapshot.tasks.waiting == 0)
        run.at(1, .finished(0, by: a))
        run.at(2, .finished(2, by: a))
        #expect(run.scheduler.isFinished)
        run.at(3, .wanted([1]), .assign(1, to: a))
        #expect(!run.scheduler.isFinished && run.scheduler.isOpen(1))
        run.at(4, .finished(1, by: a))
        #expect(run.scheduler.isFinished)
        #expect(run.scheduler.snapshot.tasks.finished == 3)
    }

    @Test("What a worker has of it from an earlier coordinator is dropped, until it is wanted")
    func early() {
        var run = Transcript([0: 2, 1: 1], unwanted: [1])
        run.at(0, .joined(a, held: [1]), .discard(1, at: a), .assign(0, to: a))
        run.at(1, .started(1, by: a))
        run.at(1, .finished(1, by: a))
        run.at(1, .failed(1, by: a, reason: "pivot 3"))
        run.at(2, .finished(0, by: a))
        run.at(2, .wanted([1]), .assign(1, to: a))
        run.at(3, .joined(a, held: [1]))
        run.at(4, .finished(1, by: a))
    }

    @Test("Wanted tasks go to whoever idles, the longest first, and count as demand")
    func idle() {
        var run = Transcript([0: 1, 1: 2, 2: 3], unwanted: [1, 2])
        run.at(0, .joined(a, held: []), .assign(0, to: a))
        run.at(0, .joined(b, held: []), .assign(0, to: b))
        run.at(1, .finished(0, by: a), .discard(0, at: b))
        let kind = WorkerKind()
        #expect(run.scheduler.demand(for: kind, guess: 1).unfinished == 0)
        run.at(1, .wanted([1, 2]), .assign(2, to: a), .assign(1, to: b))
        #expect(run.scheduler.demand(for: kind, guess: 1).unfinished == 2)
        #expect(run.scheduler.demand(for: kind, guess: 1).unbegun == 2)
    }

    @Test("A wanted task that no worker has memory for fails where none larger can come")
    func oversized() {
        var scheduler = Scheduler(
            needs: [0: Need(work: 1, memory: 1), 1: Need(work: 1, memory: 9)], unwanted: [1],
            settings: .init(expectsLargerWorkers: false), now: .zero)
        let joined = scheduler.handle(
            .joined(a, held: [], limits: Limits(memory: 4)), at: .seconds(0))
        #expect(joined == [.assign(0, to: a)])
        let actions = scheduler.handle(.wanted([1]), at: .seconds(1))
        guard case .fail(1, let reason, by: nil)? = actions.first, actions.count == 1 else {
            Issue.record("\(actions)")
            return
        }
        #expect(reason.contains("largest worker"))
    }
}
