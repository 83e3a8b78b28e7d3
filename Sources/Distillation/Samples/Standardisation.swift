import Foundation
import Sweep

/// Takes a feature to mean 0 and variance 1:
///
///     x = (v - mean) / deviation,   deviation = sqrt(mean((v - mean)^2))
///
/// over the known values, and x = 0 for a feature that has one value there. Where squares or sums leave the
/// range of a double all is done in units of powers of two, which are exact: the same digits come out.
struct Standardisation {
    private enum Kind {
        case constant
        case plain(mean: Double, deviation: Double)
        /// Of v * 2^-unit; what is left of it after the mean is counted in 2^spread.
        case scaled(unit: Int32, mean: Double, spread: Int32, deviation: Double)
    }

    private let kind: Kind

    /// Above it no square has lost digits to numbers too small for a double.
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

    /// Of the power of two at or below a positive number.
    private static func exponent(_ value: Double) -> Int32 { Int32(value.exponent) }

    /// Infinite where the value is too far from the known ones.
    func callAsFunction(_ value: Double) -> Double {
        switch kind {
        case .constant: return 0
        case .plain(let mean, let deviation):
            let x = (value - mean) / deviation
            // The difference alone may be too large.
            return x.isFinite ? x : 2 * ((value / 2 - mean / 2) / deviation)
        case .scaled(let unit, let mean, let spread, let deviation):
            return scalbn(scalbn(value, -unit) - mean, -spread) / deviation
        }
    }

    /// Whether x can be used: a kernel sums products of two features.
    static func isUsable(_ x: Double) -> Bool { abs(x) <= 1e150 }

    static let problem =
        "a test row is so far from the other rows that its standardised value is no number to compute with"
}

/// The feature, if there is one, that some seed of the sweep can't standardise, see `Standardisation`;
/// what is wrong and what would be right.
///
/// Two passes over the table, and for each seed one more over each column whose values are of such unlike
/// sizes that it could happen.
public func unusableColumn(
    of table: Table, in sweep: Sweep
) -> (column: String, problem: String, remedy: String)? {
    guard let reference = sweep.table else { return nil }
    let suspects = suspects(table)
    guard !suspects.isEmpty else { return nil }
    for seed in sweep.grid.seed {
        let split = TableSplit(settings: sweep.settings, rows: table.rowCount, seed: seed)
        for feature in suspects {
            let values = split.known.map { table.features[$0 * table.dimension + feature] }
            let standardised = values.withUnsafeBufferPointer { Standardisation(of: $0) }
            let isUsable = split.chosen.allSatisfy {
                Standardisation.isUsable(
                    standardised(table.features[$0 * table.dimension + feature]))
            }
            guard isUsable else {
                return (
                    reference.features[feature], "\(Standardisation.problem) (seed \(seed))",
                    "mend or remove the row, or leave the column out of task.features"
                )
            }
        }
    }
    return nil
}

/// The features that some split might not standardise. Values that aren't equal differ by 2^-53 of the
/// smaller one or more, so if all but zeros are of sizes from 10^-60 to 10^60, x is below 10^140 in a
/// table of any length.
private func suspects(_ table: Table) -> [Int] {
    var isSuspect = [Bool](repeating: false, count: table.dimension)
    var feature = 0
    for value in table.features {
        let size = abs(value)
        if size != 0, size < 1e-60 || size > 1e60 { isSuspect[feature] = true }
        feature += 1
        if feature == table.dimension { feature = 0 }
    }
    return isSuspect.indices.filter { isSuspect[$0] }
}

/// Which rows of a table a seed uses for what: they are put in an order by the seed's random words, the training rows
/// are its first ones and the test rows its last.
struct TableSplit {
    /// All but the test rows: the statistics are theirs.
    let known: ArraySlice<Int>
    /// The training rows, then the test rows.
    let chosen: [Int]

    init(settings: Settings, rows: Int, seed: Int) {
        let stream = Stream(seed: seed, .split)
        let order = (0..<rows).map { (stream.word($0), $0) }.sorted { $0 < $1 }.map(\.1)
        let test = settings.testSamples
        known = order[..<(order.count - test)]
        chosen = Array(order[..<settings.oracleSamples]) + Array(order[(order.count - test)...])
    }
}
