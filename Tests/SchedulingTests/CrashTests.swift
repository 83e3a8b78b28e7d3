import Scheduling
import Testing

@Suite struct CrashTests {
    @Test func onlyAStartedTaskCrashesAndTheThirdTimeItIsGivenUp() {
        var run = Transcript(2, 1)
        for (second, id) in [(1.0, a), (2.0, b)] {
            run.at(second, .joined(id, held: []), .assign(0, to: id), .assign(1, to: id))
            run.at(second, .started(0, by: id))
            run.at(second, .died(id, reason: "signal 11"))
        }
        run.at(3, .joined(c, held: []), .assign(0, to: c), .assign(1, to: c))
        run.at(3, .started(0, by: c))
        run.at(
            3, .died(c, reason: "signal 9"),
            .fail(0, reason: "crashed 3 workers; the last: signal 9", by: nil))
        run.at(4, .joined(a, held: [0]), .discard(0, at: a), .assign(1, to: a))
    }

    /// Of tasks that were begun together each is charged once, and is begun by itself from then on.
    @Test func aTaskThatMayHaveCrashedIsSuspect() {
        var run = Transcript(2, 1)
        run.at(0, .joined(a, held: []), .assign(0, to: a), .assign(1, to: a))
        #expect(!run.scheduler.isSuspect(0) && !run.scheduler.isSuspect(1))
        run.at(0, .started(0, by: a))
        run.at(1, .died(a, reason: "signal 11"))
        #expect(run.scheduler.isSuspect(0) && !run.scheduler.isSuspect(1))
        // Two leases could be charged with the same neighbour's crash.
        for (limit, isSuspect) in [(1, true), (2, true), (3, false), (nil, false)] {
            let scheduler = Scheduler(
                costs: [0: 1], settings: .init(crashLimit: limit), now: .zero)
            #expect(scheduler.isSuspect(0) == isSuspect)
        }
    }

    @Test func withoutALimitNothingIsGivenUp() {
        var run = Transcript(1, settings: .init(crashLimit: nil))
        for number in 1...20 {
            let id = worker(UInt64(number))
            run.at(0, .joined(id, held: []), .assign(0, to: id))
            run.at(0, .started(0, by: id))
            run.at(0, .died(id, reason: "killed"))
        }
    }

    @Test func silenceCounts() {
        var run = Transcript(1, settings: .init(crashLimit: 1, silence: .seconds(2)))
        run.at(0, .joined(a, held: []), .assign(0, to: a))
        run.at(0, .started(0, by: a))
        run.wait(until: 1)
        run.at(
            2, .ticked, .suspect(a),
            .fail(0, reason: "crashed 1 worker; the last: not a word for 2.0 seconds", by: nil))
    }

    /// Whose word takes the crash back is seen by the task's being shared again.
    @Test(arguments: [
        (Event.heard(a), c), (.left(a), c), (.started(0, by: a), c), (.released(0, by: a), c),
        (.joined(a, held: []), a),
    ])
    func silenceIsTakenBackByAnyWord(word: Event, idle: WorkerID) {
        var run = Transcript(1)
        run.at(0, .joined(a, held: []), .assign(0, to: a))
        run.at(0, .started(0, by: a))
        run.wait(until: 9)
        run.at(10, .ticked, .suspect(a))
        run.at(11, .joined(b, held: []), .assign(0, to: b))
        run.at(11, .joined(c, held: []))
        run.at(12, word, .assign(0, to: idle))
    }

    @Test func deathIsTakenBackByAHelloOnly() {
        var run = Transcript(1, settings: .init(crashLimit: 2))
        run.at(0, .joined(a, held: []), .assign(0, to: a))
        run.at(0, .started(0, by: a))
        run.at(1, .died(a, reason: "killed"))
        run.at(1, .heard(a))
        run.at(2, .joined(b, held: []), .assign(0, to: b))
        run.at(2, .joined(c, held: []))
        run.at(3, .joined(a, held: []), .assign(0, to: a))
    }

    @Test func aDeathCanOvertakeTheWordThatATaskWasStarted() {
        var run = Transcript(1, settings: .init(crashLimit: 1))
        run.at(0, .joined(a, held: []), .assign(0, to: a))
        run.at(1, .died(a, reason: "signal 11"))
        run.at(
            1, .started(0, by: a),
            .fail(0, reason: "crashed 1 worker; the last: signal 11", by: nil))
    }

    @Test func aTaskThatIsGivenUpIsDiscardedElsewhere() {
        var run = Transcript(1, settings: .init(crashLimit: 1))
        run.at(0, .joined(a, held: []), .assign(0, to: a))
        run.at(0, .joined(b, held: []), .assign(0, to: b))
        run.at(0, .started(0, by: a))
        run.at(
            1, .died(a, reason: "killed"),
            .fail(0, reason: "crashed 1 worker; the last: killed", by: nil),
            .discard(0, at: b))
    }
}
