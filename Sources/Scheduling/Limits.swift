/// What a worker can do.
public struct Limits: Hashable, Sendable {
    /// Bytes that a task may take; infinity where that isn't known.
    public var memory: Double
    /// When the worker is going to be shut down, in the scheduler's time; nil if it may run for
    /// ever.
    public var until: Duration?

    public init(memory: Double = .infinity, until: Duration? = nil) {
        self.memory = memory
        self.until = until
    }
}
