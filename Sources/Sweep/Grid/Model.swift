/// Which function of the inputs a student is, given its weights.
public enum Model: String, Hashable, Codable, Sendable, CaseIterable, CustomStringConvertible {
    /// f(x) = Delta . phi(x): the network's linearisation at its initial weights.
    case linearised
    /// f(x; w) - f(x; w_0): the network itself.
    case network

    public var description: String { rawValue }

    /// Its number in the store.
    var code: Int { Self.allCases.firstIndex(of: self)! }
}
