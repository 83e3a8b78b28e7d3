import Scheduling
import Testing

@Suite struct EndingTests {
    @Test func theFirstResultWins() {
        var run = Transcript(2, 1)
        run.at(0, .joined(a, held: []), .assign(0, to: a), .assign(1, to: a))
        run.at(0, .joined(b, held: []), .assign(0, to: b))
        run.at(1, .finished(0, by: b), .discard(0, at: a), .assign(1, to: b))
        run.at(1, .finished(0, by: a))
        run.at(2, .finished(1, by: a), .discard(1, at: b))
        let workers = run.scheduler.snapshot.workers
        #expect(workers[a]?.finished == 1 && workers[b]?.finished == 1)
    }

    @Test func aResultThatComesAgainChangesNothing() {
        var run = Transcript(1)
        run.at(0, .joined(a, held: []), .assign(0, to: a))
        run.at(1, .finished(0, by: a))
        run.at(1, .finished(0, by: a))
        run.at(2, .finished(0, by: a))
    }

    @Test func aTaskThatIsNotInTheListHasEnded() {
        var run = Transcript([3: 1])
        run.at(0, .joined(a, held: [2]), .discard(2, at: a), .assign(3, to: a))
        run.at(0, .started(2, by: a))
        run.at(1, .finished(2, by: a))
        run.at(1, .failed(2, by: a, reason: "singular"))
    }

    @Test func aResultCountsWhateverBecameOfItsLease() {
        var run = Transcript(3, 2, 1)
        run.at(0, .finished(0, by: b))
        run.at(0, .joined(a, held: []), .assign(1, to: a), .assign(2, to: a))
        run.wait(until: 9)
        run.at(10, .ticked, .suspect(a))
        run.at(11, .finished(1, by: a))
        run.at(12, .joined(a, held: [2]))
        run.at(12, .left(a))
        run.at(13, .finished(2, by: a))
    }

    @Test func anErrorIsFinal() {
        var run = Transcript(2, 1)
        run.at(0, .joined(a, held: []), .assign(0, to: a), .assign(1, to: a))
        run.at(0, .joined(b, held: []), .assign(0, to: b))
        run.at(
            1, .failed(0, by: a, reason: "pivot 3"), .fail(0, reason: "pivot 3", by: a),
            .discard(0, at: b), .assign(1, to: b))
        run.at(2, .finished(0, by: b))
        run.at(2, .failed(0, by: a, reason: "pivot 3"))
        run.at(
            3, .failed(1, by: b, reason: "pivot 4"), .fail(1, reason: "pivot 4", by: b),
            .discard(1, at: a))
    }

    @Test func theEndIsSaidOnce() {
        var run = Transcript(1)
        #expect(!run.scheduler.isFinished)
        run.at(0, .finished(0, by: a))
        #expect(run.scheduler.isFinished)
        run.at(1, .ticked)
        run.at(1, .joined(a, held: [0]), .discard(0, at: a))
    }

    @Test func anEmptyListEndsAtOnce() {
        var run = Transcript()
        run.at(0, .ticked)
        run.at(1, .joined(a, held: []))
    }
}
