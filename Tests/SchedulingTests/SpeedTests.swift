import Testing

@testable import Scheduling

@Suite struct SpeedTests {
    @Test func ofTasksThatWereBegunTogetherTheNextRunsFromTheEndOfTheLast() {
        var run = Transcript(1, 1, 1)
        run.at(0, .joined(a, held: []), .assign(0, to: a), .assign(1, to: a))
        run.at(1, .started(0, by: a))
        run.at(1, .started(1, by: a))
        run.at(3, .finished(0, by: a), .assign(2, to: a))
        run.at(5, .finished(1, by: a))
        #expect(run.scheduler.speed.secondsPerCost == 2)
        #expect(run.scheduler.workers[a]?.speed.secondsPerCost == 2)
        // A worker that was idle in between took no longer for that.
        run.at(9, .started(2, by: a))
        run.at(11, .finished(2, by: a))
        #expect(run.scheduler.speed.secondsPerCost == 2)
    }
}
