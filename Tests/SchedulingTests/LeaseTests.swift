import Scheduling
import Testing

@Suite struct LeaseTests {
    @Test func longestFirstTiesById() {
        var run = Transcript([4: 1, 7: 2, 9: 5, 12: 2, 30: 2])
        run.at(0, .joined(a, held: []), .assign(9, to: a), .assign(7, to: a))
        run.at(0, .joined(b, held: []), .assign(12, to: b), .assign(30, to: b))
        run.at(0, .joined(c, held: []), .assign(4, to: c))
    }

    @Test func beforeAnyMeasurementOneTaskWaitsBehindTheOneBeingSolved() {
        var run = Transcript(1, 1, 1, 1)
        run.at(0, .joined(a, held: []), .assign(0, to: a), .assign(1, to: a))
        run.at(0, .started(0, by: a))
        run.at(1, .finished(0, by: a), .assign(2, to: a))
        run.at(1, .started(1, by: a))
    }

    @Test func aWorkersQueueHoldsWhatItSolvesIn50Milliseconds() {
        var run = Transcript(Dictionary(uniqueKeysWithValues: (0..<100).map { ($0, 20) }))
        run.at(0, .joined(a, held: []), .assign(0, to: a), .assign(1, to: a))
        run.at(0, .started(0, by: a))
        run.at(
            0.020, .finished(0, by: a), .assign(2, to: a), .assign(3, to: a))
        run.at(0.021, .started(1, by: a), .assign(4, to: a))
    }

    @Test func aWorkersOwnSpeedCountsThenEverybodys() {
        var run = Transcript(Dictionary(uniqueKeysWithValues: (0..<100).map { ($0, 20) }))
        run.at(0, .joined(a, held: []), .assign(0, to: a), .assign(1, to: a))
        run.at(0, .started(0, by: a))
        run.at(
            0.020, .finished(0, by: a), .assign(2, to: a), .assign(3, to: a))
        run.at(
            0.020, .joined(b, held: []), .assign(4, to: b), .assign(5, to: b), .assign(6, to: b))
        run.at(0.020, .started(4, by: b), .assign(7, to: b))
        run.at(1.020, .finished(4, by: b))
        run.at(1.020, .started(5, by: b))
        run.at(1.020, .finished(5, by: b))
    }

    @Test func nobodyHoardsWhatOthersWillWant() {
        var run = Transcript(Dictionary(uniqueKeysWithValues: (0..<8).map { ($0, 1) }))
        run.at(0, .joined(a, held: []), .assign(0, to: a), .assign(1, to: a))
        run.at(0, .joined(b, held: []), .assign(2, to: b), .assign(3, to: b))
        run.at(0, .started(0, by: a))
        run.at(0.001, .finished(0, by: a), .assign(4, to: a))
    }

    @Test func aReturnedTaskGoesToAnEmptyQueue() {
        var run = Transcript(5, 4, 3)
        run.at(0, .joined(a, held: []), .assign(0, to: a), .assign(1, to: a))
        run.at(0, .joined(b, held: []), .assign(2, to: b))
        run.at(0, .released(1, by: a), .assign(1, to: b))
    }

    @Test func idleWorkersShareTheLastTasksUnstartedOnesFirstThenTheLongestRunning() {
        var run = Transcript(4, 3, 2)
        run.at(0, .joined(a, held: []), .assign(0, to: a), .assign(1, to: a))
        run.at(1, .joined(b, held: []), .assign(2, to: b))
        run.at(1, .started(0, by: a))
        run.at(2, .started(2, by: b))
        run.at(3, .joined(c, held: []), .assign(1, to: c))
        run.at(4, .joined(worker(0xd), held: []), .assign(0, to: worker(0xd)))
        run.at(5, .joined(worker(0xe), held: []), .assign(2, to: worker(0xe)))
        run.at(6, .joined(worker(0xf), held: []))
    }

    @Test func aSharedTaskStaysWithItsOtherHolder() {
        var run = Transcript(1)
        run.at(0, .joined(a, held: []), .assign(0, to: a))
        run.at(0, .joined(b, held: []), .assign(0, to: b))
        run.at(1, .left(a))
        run.at(2, .joined(c, held: []), .assign(0, to: c))
    }

    @Test func aTaskWithACrashIsNotShared() {
        var run = Transcript(1)
        run.at(0, .joined(a, held: []), .assign(0, to: a))
        run.at(0, .started(0, by: a))
        run.at(1, .died(a, reason: "out of memory"))
        run.at(2, .joined(b, held: []), .assign(0, to: b))
        run.at(3, .joined(c, held: []))
    }

    @Test func theSnapshotCounts() {
        var run = Transcript(5, 4, 3, 2)
        run.at(0, .joined(a, held: []), .assign(0, to: a), .assign(1, to: a))
        run.at(0, .started(0, by: a))
        run.at(1, .finished(0, by: a), .assign(2, to: a))
        run.at(2, .started(1, by: a))
        let snapshot = run.scheduler.snapshot
        let tasks = snapshot.tasks
        #expect((tasks.waiting, tasks.leased, tasks.running) == (1, 1, 1))
        #expect((tasks.finished, tasks.failed, tasks.attempts) == (1, 0, 3))
        #expect(snapshot.workLeft == .seconds(9 * 0.2))
        #expect(snapshot.workers[a]?.running == [1])
        #expect(snapshot.workers[a]?.queued == [2])
        #expect(snapshot.workers[a]?.heardAt == .seconds(2))
    }
}
