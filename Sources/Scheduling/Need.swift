/// What a task asks of the worker that solves it.
public struct Need: Hashable, Sendable {
    /// Expected work, finite and not negative, in any unit: only ratios matter.
    public var work: Double
    /// Peak memory in bytes, finite and not negative.
    public var memory: Double

    public init(work: Double, memory: Double = 0) {
        precondition(work.isFinite && work >= 0, "work is finite and not negative")
        precondition(memory.isFinite && memory >= 0, "memory is finite and not negative")
        self.work = work
        self.memory = memory
    }
}

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

/// Tasks that wait although workers are there, since none of these workers can do them.
public struct Misfit: Hashable, Sendable {
    /// How many tasks, at least 1.
    public var tasks: Int
    /// In words: what the most demanding of these tasks needs, and what the workers have.
    public var reason: String
}

/// Decimal, rounded so that a need never looks smaller than it is, nor a limit larger.
func bytes(_ count: Double, _ rule: FloatingPointRoundingRule) -> String {
    guard count.isFinite else { return "no limit" }
    guard count >= 1e9 else { return "\(Int((count / 1e6).rounded(rule))) MB" }
    let tenths = (count / 1e8).rounded(rule)
    return "\(tenths / 10) GB"
}
