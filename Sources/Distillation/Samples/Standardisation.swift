import Foundation
import Sweep

/// Scales a feature so that its known values have mean 0 and variance 1:
///
///     x = (v - mean) / deviation,   deviation = sqrt(mean((v - mean)^2))
///
/// If all known values are the same, x = 0. If squares or sums would leave the range of a double, values are
/// first multiplied by a power of two: that is exact, so the digits are the same.
struct Standardisation {
    private enum Kind {
        case constant
        case plain(mean: Double, deviation: Double)
        /// x = (v 2^-unit - mean) 2^-spread / deviation
        case scaled(unit: Int32, mean: Double, spread: Int32, deviation: Double)
    }

    private let kind: Kind

    /// With a variance of at least this, no digits of the squares were lost because they are too small.
    private static let leastVariance = 1e-270

    /// - Parameter known: One or more finite values. Three passes.
    init(of known: UnsafeBufferPointer<Double>) {
        let first = known[0]
        guard known.contains(where: { $0 != first }) else {
            kind = .constant
            return
        }
        let count = Double(known.count)
        let mean = known.reduce(0, +) / count
        let variance = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        kind =
            variance.isFinite && variance >= Self.leastVariance
            ? .plain(mean: mean, deviation: variance.squareRoot()) : Self.scaled(known)
    }

    private static func scaled(_ known: UnsafeBufferPointer<Double>) -> Kind {
        let count = Double(known.count)
        let unit = exponent(known.reduce(0) { max($0, abs($1)) })
        func inUnits(_ value: Double) -> Double { scalbn(value, -unit) }
        let mean = known.reduce(0) { $0 + inUnits($1) } / count
        let spread = exponent(known.reduce(0) { max($0, abs(inUnits($1) - mean)) })
        let variance =
            known.reduce(0) { sum, value in
                let deviation = scalbn(inUnits(value) - mean, -spread)
                return sum + deviation * deviation
            } / count
        return .scaled(
            unit: unit, mean: mean, spread: spread, deviation: variance.squareRoot())
    }

    /// The exponent of the largest power of two that isn't above a positive number.
    private static func exponent(_ value: Double) -> Int32 { Int32(value.exponent) }

    /// The standardised value; infinite if it is too far from the known ones.
    func callAsFunction(_ value: Double) -> Double {
        switch kind {
        case .constant: return 0
        case .plain(let mean, let deviation):
            let x = (value - mean) / deviation
            // The difference may overflow although the quotient doesn't.
            return x.isFinite ? x : 2 * ((value / 2 - mean / 2) / deviation)
        case .scaled(let unit, let mean, let spread, let deviation):
            return scalbn(scalbn(value, -unit) - mean, -spread) / deviation
        }
    }

    /// Whether x can be used. A kernel sums products of two features, which must not overflow.
    static func isUsable(_ x: Double) -> Bool { abs(x) <= 1e150 }

    static let problem =
        "a test row is so far from the other rows that its standardised value is too large to compute with"
}
