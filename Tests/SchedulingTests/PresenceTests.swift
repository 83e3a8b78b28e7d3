import Scheduling
import Testing

@Suite struct PresenceTests {
    @Test func aReleasedTaskWaitsAgainAndItsWorkerGetsNothingMore() {
        var run = Transcript(2, 1)
        run.at(0, .joined(a, held: []), .assign(0, to: a), .assign(1, to: a))
        run.at(0, .started(0, by: a))
        run.at(1, .released(0, by: a))
        run.at(1, .released(1, by: a))
        run.at(2, .joined(b, held: []), .assign(0, to: b), .assign(1, to: b))
        run.at(3, .joined(a, held: []), .assign(0, to: a))
    }

    @Test func aDroppedTaskWaitsAgainAndItsWorkerGoesOn() {
        var run = Transcript(3, 2, 1, settings: .init(crashLimit: 1))
        run.at(0, .joined(a, held: []), .assign(0, to: a), .assign(1, to: a))
        run.at(0, .started(0, by: a))
        #expect(run.scheduler.leases(of: a) == [0, 1])
        run.at(1, .dropped(0, by: a), .assign(0, to: a))
        run.at(2, .dropped(2, by: a))
        run.at(2, .dropped(0, by: b))
        run.at(3, .finished(0, by: a), .assign(2, to: a))
        run.at(4, .dropped(0, by: a))
        #expect(run.scheduler.leases(of: a) == [1, 2] && !run.scheduler.isOpen(0))
    }

    @Test func whoLeavesIsForgottenWithoutACrash() {
        var run = Transcript(1, settings: .init(crashLimit: 1))
        run.at(0, .joined(a, held: []), .assign(0, to: a))
        run.at(0, .started(0, by: a))
        run.at(1, .left(a))
        #expect(!run.scheduler.knows(a))
        run.at(2, .died(a, reason: "exit code 0"))
        run.at(3, .joined(b, held: []), .assign(0, to: b))
    }

    @Test func aSilentWorkersTasksGoToOthersAndItIsGivenNothingUntilItSaysHello() {
        var run = Transcript(4, 3, 2, 1)
        run.at(0, .joined(a, held: []), .assign(0, to: a), .assign(1, to: a))
        run.at(0, .joined(b, held: []), .assign(2, to: b), .assign(3, to: b))
        run.wait(until: 9, hearing: b)
        run.at(10, .ticked, .suspect(a))
        run.at(11, .finished(2, by: b), .assign(0, to: b))
        run.at(12, .heard(a))
        #expect(!run.scheduler.knows(a))
        run.at(13, .joined(a, held: [0]), .assign(1, to: a))
        #expect(run.scheduler.knows(a))
    }

    @Test func afterAHelloAWorkerHoldsJustWhatItSays() {
        var run = Transcript(4, 3, 2, 1)
        run.at(0, .joined(a, held: []), .assign(0, to: a), .assign(1, to: a))
        run.at(1, .joined(a, held: [1, 3]))
        run.at(2, .joined(b, held: []), .assign(0, to: b), .assign(2, to: b))
        run.at(3, .finished(1, by: b), .discard(1, at: a))
    }

    @Test func aHelloKeepsWhatIsKnownToBeStarted() {
        var run = Transcript(1, settings: .init(crashLimit: 1))
        run.at(0, .joined(a, held: []), .assign(0, to: a))
        run.at(0, .started(0, by: a))
        run.at(1, .joined(a, held: [0]))
        run.at(
            2, .died(a, reason: "killed"),
            .fail(0, reason: "crashed 1 worker; the last: killed", by: nil))
    }

    @Test func aHelloDiscardsWhatTwoOthersHold() {
        var run = Transcript(1)
        run.at(0, .joined(a, held: [0]))
        run.at(0, .joined(b, held: [0]))
        run.at(0, .joined(c, held: [0]), .discard(0, at: c))
    }

    @Test func aCoordinatorThatOversleptSuspectsNobody() {
        var run = Transcript(2, 1)
        run.at(0, .joined(a, held: []), .assign(0, to: a), .assign(1, to: a))
        run.at(60, .ticked)
        run.wait(until: 69)
        run.at(70, .ticked, .suspect(a))
    }

    @Test func nothingIsGivenWhileWorkersOfAnEarlierCoordinatorComeBack() {
        var run = Transcript(3, 2, 1, settings: .init(reunion: .seconds(2)))
        run.at(0, .joined(a, held: []))
        run.at(1, .ticked)
        // One comes that has finished the longest task and holds the next.
        run.at(1.5, .joined(b, held: [0, 1]))
        run.at(1.5, .finished(0, by: b))
        run.at(2, .ticked, .assign(2, to: a))
    }
}
