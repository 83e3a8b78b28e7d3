/// The key to the page: 128 random bits in the address that the run prints.
public struct Token: Hashable, Sendable, CustomStringConvertible {
    /// 32 hexadecimal digits.
    public let description: String

    /// Makes a new token from the operating system's random numbers.
    init() {
        var generator = SystemRandomNumberGenerator()
        description = (0..<2).map { _ in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// Whether the guess is the token. Takes the same time wherever the two differ: otherwise the time would
    /// tell an attacker how much of a guess is right.
    func matches(_ guess: some StringProtocol) -> Bool {
        let (own, other) = (Array(description.utf8), Array(guess.utf8))
        guard own.count == other.count else { return false }
        return zip(own, other).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
