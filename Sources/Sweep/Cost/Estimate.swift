/// A mean over the seeds, and its standard error.
public struct Estimate: Hashable, Sendable {
    public var mean: Double
    /// NaN for fewer than two seeds.
    public var error: Double
    /// How many seeds it is a mean over.
    public var seeds: Int

    public init(mean: Double, error: Double, seeds: Int) {
        self.mean = mean
        self.error = error
        self.seeds = seeds
    }
}
