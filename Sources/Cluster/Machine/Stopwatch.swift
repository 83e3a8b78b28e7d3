/// Monotonic time since it was made. The loops pass it to `Desk` and `Workbench`, which have no clock.
struct Stopwatch: Sendable {
    private let start = ContinuousClock.now

    var elapsed: Duration { ContinuousClock.now - start }
}
