/// The sizes that a block's matrices follow from, and the operations of each pass over them, counted here once:
/// `Cost` adds up those of a whole block, and a plan prices those that the wanted cells need.
///
/// Counts are of floating-point operations, a multiplication and an addition each, unless they say otherwise.
public struct BlockShape: Sendable {
    /// N oracle samples, M test samples, d features, L layers.
    public let N, M, d, L: Double
    /// Of the network; nil where it is infinite.
    public let m: Double?

    init(N: Double, M: Double, d: Double, L: Double, m: Double?) {
        (self.N, self.M, self.d, self.L, self.m) = (N, M, d, L, m)
    }

    public init(width: Width, depth: Int, of sweep: Sweep) {
        N = Double(sweep.settings.oracleSamples)
        M = Double(sweep.settings.testSamples)
        d = Double(sweep.dimension)
        L = Double(depth)
        switch width {
        case .infinite: m = nil
        case .finite(let width): m = Double(width)
        }
    }

    public var samples: Double { N + M }

    /// Pairs of samples that have a kernel.
    public var pairs: Double { N * (N + 1) / 2 + N * M }

    // MARK: Kernels

    /// Inner products of the samples themselves.
    public var inputProducts: Double { 2 * pairs * d }

    /// Weights of the first layer, and of those after it.
    public var firstWeights: Double { (m ?? 0) * d }
    public var laterWeights: Double { (L - 1) * (m ?? 0) * (m ?? 0) }

    /// Inner products of the activations and of the derivatives, in each layer.
    public var gramProducts: Double { 4 * pairs * (m ?? 0) * L }

    /// The most that the kernel's rank can be: a network has so many parameters.
    public var rank: Int {
        guard let m else { return Int(N) }
        return Int(min(N, m * (d + 1) + (L - 1) * m * (m + 1) + m + 1))
    }

    // MARK: The solve, for c right-hand sides

    /// C of a kernel of rank r.
    public func factor(rank r: Double) -> Double { r * N * N - r * r * N + r * r * r / 3 }

    /// V, by which test points are predicted.
    public func testPoints(rank r: Double) -> Double { r * r * M }

    /// Y of all nested students at once.
    public func rightHandSides(rank r: Double, _ c: Double) -> Double { r * r * c }

    /// f at the test points, from n samples.
    public func predictions(from n: Double, _ c: Double) -> Double { 2 * n * M * c }

    /// alpha of n samples, and then K alpha.
    public func weights(of n: Double, _ c: Double) -> Double { n * n * c }
    public func fit(of n: Double, _ c: Double) -> Double { 2 * n * n * c }
}
