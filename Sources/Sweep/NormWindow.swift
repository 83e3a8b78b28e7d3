/// The sample sizes around n at which |Delta| is taken for the data inefficiency.
public struct NormWindow: Hashable, Sendable {
    /// n + 1
    public let next: Int
    /// ceil(n 2^(-1/4))
    public let lower: Int
    /// floor(n 2^(1/4))
    public let upper: Int

    public init(sampleSize n: Int) {
        let root = 2.0.squareRoot().squareRoot()
        next = n + 1
        lower = Int((Double(n) / root).rounded(.up))
        upper = Int((Double(n) * root).rounded(.down))
    }
}
