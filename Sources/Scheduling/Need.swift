/// What a task asks of the worker that solves it.
public struct Need: Hashable, Sendable {
    /// Expected work, finite and not negative, in any unit: only ratios matter.
    public var work: Double
    /// Peak memory in bytes, finite and not negative.
    public var memory: Double
    /// Tasks of a lower round come first, as long as that doesn't make the end later.
    public var round: Int

    public init(work: Double, memory: Double = 0, round: Int = 0) {
        precondition(work.isFinite && work >= 0, "work is finite and not negative")
        precondition(memory.isFinite && memory >= 0, "memory is finite and not negative")
        self.work = work
        self.memory = memory
        self.round = round
    }
}
