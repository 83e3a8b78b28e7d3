/// How students at finite steps are trained: full-batch gradient descent with momentum.
public struct Training: Hashable, Codable, Sendable {
    /// > 0, finite; relative to the rate at which a linearised student is stable.
    public var learningRate: Double
    /// mu in [0, 1)
    public var momentum: Double

    public init(learningRate: Double = 0.3, momentum: Double = 0.9) {
        self.learningRate = learningRate
        self.momentum = momentum
    }

    /// That of a sweep file that doesn't describe it.
    public static let standard = Training()
}
