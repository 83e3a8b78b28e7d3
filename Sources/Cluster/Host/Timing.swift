/// How often each side speaks and how long it bears silence.
public struct Timing: Hashable, Sendable {
    /// Between two heartbeats, both ways.
    public var heartbeat: Duration
    /// After this long without a word the other side is given up: its tasks go to other workers, or
    /// the worker connects anew. Several heartbeats.
    public var silence: Duration

    public init(heartbeat: Duration = .seconds(1), silence: Duration = .seconds(10)) {
        precondition(heartbeat > .zero && silence > heartbeat, "silence is longer than a heartbeat")
        self.heartbeat = heartbeat
        self.silence = silence
    }
}

/// Monotonic time since its making: what the loops hand to the values below them.
struct Stopwatch: Sendable {
    private let start = ContinuousClock.now

    var elapsed: Duration { ContinuousClock.now - start }
}
