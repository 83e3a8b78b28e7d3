/// Tasks by their state.
public struct TaskCounts: Hashable, Sendable {
    public var waiting: Int
    /// In some worker's queue, begun by none.
    public var leased: Int
    public var running: Int
    public var finished: Int
    public var failed: Int
    /// How often a task was given to a worker, second leases and repetitions among them.
    public var attempts: Int

    public init(
        waiting: Int = 0, leased: Int = 0, running: Int = 0, finished: Int = 0, failed: Int = 0,
        attempts: Int = 0
    ) {
        self.waiting = waiting
        self.leased = leased
        self.running = running
        self.finished = finished
        self.failed = failed
        self.attempts = attempts
    }
}
