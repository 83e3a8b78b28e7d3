/// Components at random centres of norm r; those of even number are positive, the others negative.
public struct GaussianMixture: Hashable, Codable, Sendable {
    /// d >= 1
    public var dimension: Int
    /// q >= 2
    public var components: Int
    /// s > 0: the standard deviation of each component in each coordinate.
    public var spread: Double
    /// r > 0: the norm of each centre.
    public var separation: Double
    public var labels: HardLabels
    /// The task seed: fixes the centres.
    public var seed: Int

    public init(
        dimension: Int, components: Int, spread: Double, separation: Double,
        labels: HardLabels = .deterministic, seed: Int = 0
    ) {
        self.dimension = dimension
        self.components = components
        self.spread = spread
        self.separation = separation
        self.labels = labels
        self.seed = seed
    }
}

/// How the hard label y_g follows from the true logit z_g.
public enum HardLabels: String, Hashable, Codable, Sendable, CaseIterable {
    /// y_g = 1 where z_g > 0
    case deterministic
    /// y_g = 1 with probability sigma(z_g)
    case sampled
}
