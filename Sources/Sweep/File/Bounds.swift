/// Which real numbers a key takes.
struct RealBounds: Sendable {
    /// How a message describes such a number.
    let wanted: String
    let contain: @Sendable (Double) -> Bool

    static let positive = RealBounds(wanted: "a number > 0") { $0 > 0 }
    static let notNegative = RealBounds(wanted: "a number >= 0") { $0 >= 0 }
    static let unitInterval = RealBounds(wanted: "a number from 0 to 1") { 0 <= $0 && $0 <= 1 }
    static let belowOne = RealBounds(wanted: "a number from 0 to 1, below 1") { 0 <= $0 && $0 < 1 }
    static let belowHalf = RealBounds(wanted: "a number above 0 and below 0.5") {
        0 < $0 && $0 < 0.5
    }
}

/// Which integers a key takes.
struct IntegerBounds: Sendable {
    let range: ClosedRange<Int>
    /// How a message describes such an integer.
    let wanted: String

    /// Sizes are at most 2^31 - 1: BLAS counts rows and columns in 32 bits.
    static let size = IntegerBounds(range: 1...0x7FFF_FFFF, wanted: "an integer >= 1")
    /// A student that is trained for longer than this takes years.
    static let steps = IntegerBounds(range: 1...1_000_000_000, wanted: "an integer >= 1")
    static let components = IntegerBounds(range: 2...0x7FFF_FFFF, wanted: "an integer >= 2")
    static let depth = IntegerBounds(range: 1...250, wanted: "an integer from 1 to 250")
    static let seed = IntegerBounds(range: 0...Int.max, wanted: "an integer >= 0, below 2^63")
    /// Of one seed there is no standard error.
    static let fewestSeeds = IntegerBounds(
        range: 2...1_000_000, wanted: "an integer from 2 to 1000000")
    /// The most values that a range may have, so that a mistyped count doesn't fill the memory.
    static let count = IntegerBounds(range: 1...1_000_000, wanted: "an integer from 1 to 1000000")

    /// How a message describes such an integer, or infinity.
    var wantedOrInfinity: String { "\(wanted) or inf" }

    /// What to give instead of a value that is too large or not an integer.
    func remedy(tooLarge: Bool) -> String {
        tooLarge && range.upperBound != Int.max
            ? "give an integer <= \(range.upperBound)" : "give \(wanted)"
    }
}
