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
