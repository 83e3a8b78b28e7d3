/// What lets somebody see the page: 128 random bits in the address that the run prints.
public struct Token: Hashable, Sendable, CustomStringConvertible {
    /// 32 hexadecimal digits.
    public let description: String

    /// Of the operating system's randomness.
    init() {
        var generator = SystemRandomNumberGenerator()
        description = (0..<2).map { _ in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// Takes as long wherever they differ: how long a guess takes mustn't say how much of it is right.
    func matches(_ guess: some StringProtocol) -> Bool {
        let (own, other) = (Array(description.utf8), Array(guess.utf8))
        guard own.count == other.count else { return false }
        return zip(own, other).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
