/// A mean over the seeds, and its standard error; or the best value of an axis.
public struct Estimate: Hashable, Sendable {
    public var mean: Double
    /// NaN for fewer than two seeds.
    public var error: Double
    /// How many seeds it is a mean over.
    public var seeds: Int
    /// Of a best value, from where to where nothing can be told from it; nil for a mean.
    public var range: ClosedRange<Double>?

    public init(mean: Double, error: Double, seeds: Int, range: ClosedRange<Double>? = nil) {
        self.mean = mean
        self.error = error
        self.seeds = seeds
        self.range = range
    }

    /// What a figure's band covers: the range, or one standard error to either side; nil if neither is known.
    package var band: ClosedRange<Double>? {
        range ?? (error.isNaN ? nil : mean - error...mean + error)
    }
}
