import Foundation

/// What an event costs in a run of this size, against one of an eighth of it. The target is the ratio of their
/// logarithms, and half as much again because the larger run's data fit the caches less well.
func schedulerGrowth(workers: Int, tasks: Int) -> Measurement {
    let (fewWorkers, fewTasks) = (workers / 8, tasks / 8)
    // The shortest of three times, taken in turns, since other programs may run meanwhile.
    var (small, large) = (Duration.seconds(1), Duration.seconds(1))
    for _ in 0..<3 {
        small = min(small, cost(workers: fewWorkers, tasks: fewTasks))
        large = min(large, cost(workers: workers, tasks: tasks))
    }
    return Measurement(
        what: "an event, \(workers) workers and \(tasks) tasks",
        ours: "\(nanoseconds(large)) ns",
        other: "\(nanoseconds(small)) ns with an eighth of each", ratio: large / small,
        target: .atMost(1.5 * log(Double(tasks)) / log(Double(fewTasks))))
}

private func cost(workers: Int, tasks: Int) -> Duration {
    var run = LargeRun(workers: workers, tasks: tasks)
    let cost = run.run()
    precondition(run.hasEnded && run.accepted == tasks, "every task ends once")
    run.scheduler.checkInvariants()
    return cost
}

private func nanoseconds(_ duration: Duration) -> Int { Int(duration / .nanoseconds(1)) }
