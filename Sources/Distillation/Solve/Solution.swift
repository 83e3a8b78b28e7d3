import Foundation
import Sweep

/// The number of the class that is decided for: 1 for a logit above 0, else 0. A byte, so that lists of
/// decisions are compared fast.
typealias Decision = UInt8

/// The decision for one logit between two classes.
@inline(__always) func decision(_ logit: Double) -> Decision { logit > 0 ? 1 : 0 }

/// The students of some right-hand sides, at each stop. The metrics are read from this, whichever solver made
/// it. Quantities that no metric needs are empty.
struct Solution: Sendable {
    /// The students of one sample size, after as many steps: lists with a value for each student.
    struct Stop: Sendable {
        /// Decisions at the M test points: M for each student, one after the other.
        var decisions: [Decision] = []
        /// Metrics that are the values themselves; nil where one is undefined.
        var values: [(metric: Metric, values: [Double?])] = []
        /// The angle between Delta and Delta_N in radians; nil if either is 0.
        var angles: [Double?] = []
        /// The norm of what the samples leave unexplained of the oracle: |Delta_N| sin(angle), or |Delta_N|
        /// past a right angle.
        var unexplained: [Double] = []
        /// Which students have diverged; their other values mean nothing. Empty in a limit, which exists or doesn't.
        var hasDiverged: [Bool] = []
        /// A network's linearisation after as many steps: decisions as above.
        var linearised: [Decision] = []
    }

    /// The student that sees all samples.
    struct Oracle: Sendable {
        /// As in `Stop`.
        var decisions: [Decision] = []
        /// |f_N(x)|, in the same order.
        var magnitudes: [Double] = []
        /// |Delta_N|
        var norms: [Double] = []
    }

    /// By sample size, ascending.
    var stops: [Stop]
    /// Nil if no metric needs it, or if the kernel hasn't the rank for all samples.
    var oracle: Oracle?
}

/// max_i |f_i - z_i| / max_i |z_i|: how far a student is from what it is asked for; nil if every z_i is 0.
func residual(
    of fit: UnsafePointer<Double>, from targets: UnsafePointer<Double>, count: Int
) -> Double? {
    var (gap, largest) = (0.0, 0.0)
    for i in 0..<count {
        gap = max(gap, abs(fit[i] - targets[i]))
        largest = max(largest, abs(targets[i]))
    }
    return largest > 0 ? gap / largest : nil
}

/// The angle between a student's weights and the oracle's, radians, from their inner product; nil if either is 0.
func oracleAngle(inner: Double, norm: Double, oracleNorm: Double) -> Double? {
    guard norm > 0 && oracleNorm > 0 else { return nil }
    return acos(min(max(inner / norm / oracleNorm, -1), 1))
}

/// |Delta_N| sin(angle). Past a right angle the student explains nothing of the oracle, but the sine would fall
/// again.
func unexplained(_ angle: Double?, oracleNorm: Double) -> Double {
    oracleNorm * (angle.map { $0 > .pi / 2 ? 1 : sin($0) } ?? 0)
}
