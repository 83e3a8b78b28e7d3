/// The sample sizes near n at which the weight norm is computed too, so that its slope over n is known.
public struct NormWindow: Hashable, Sendable {
    /// n_lower = ceil(n 2^(-1/4))
    public var lower: Int
    /// n_upper = floor(n 2^(1/4))
    public var upper: Int
    /// n + 1
    public var next: Int

    /// The window around `n` in `1 ... 2^61`, exactly.
    public init(around n: Int) {
        precondition(1 <= n && n <= 1 << 61, "a norm window around \(n)")
        // A double has too few digits for a large n, so its result is only a first guess, which integers
        // correct: u <= n 2^(1/4) is u^4 <= 2 n^4, and l >= n 2^(-1/4) is 2 l^4 >= n^4. Neither is ever an
        // equality, as 2^(1/4) is irrational.
        var upper = Int(Double(n) * 1.189207115002721)
        while Self.isFourthPower(upper + 1, atMostTwiceThatOf: n) { upper += 1 }
        while !Self.isFourthPower(upper, atMostTwiceThatOf: n) { upper -= 1 }
        var lower = Int(Double(n) * 0.8408964152537145)
        while !Self.isFourthPower(n, atMostTwiceThatOf: lower) { lower += 1 }
        while Self.isFourthPower(n, atMostTwiceThatOf: lower - 1) { lower -= 1 }
        self.lower = lower
        self.upper = upper
        self.next = n + 1
    }

    /// Whether a^4 <= 2 b^4, computed in 256 bits.
    private static func isFourthPower(_ a: Int, atMostTwiceThatOf b: Int) -> Bool {
        let a2 = UInt128(a) * UInt128(a)
        let b2 = UInt128(b) * UInt128(b)
        let a4 = a2.multipliedFullWidth(by: a2)
        let twice = b2.multipliedFullWidth(by: 2 * b2)
        return (a4.high, a4.low) <= (twice.high, twice.low)
    }
}
