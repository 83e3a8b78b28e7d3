import Sweep

/// The number of the class that is decided for: 1 for a logit above 0, else 0. A byte, so that lists of
/// decisions are compared fast.
typealias Decision = UInt8

/// The decision for one logit between two classes.
@inline(__always) func decision(_ logit: Double) -> Decision { logit > 0 ? 1 : 0 }

/// The students of some right-hand sides, at each stop. The metrics are read from this, whichever solver made
/// it. Quantities that no metric needs are empty.
struct Solution: Sendable {
    /// The students of one sample size: lists with a value for each right-hand side.
    struct Stop: Sendable {
        /// Decisions at the M test points: M for each right-hand side, one after the other.
        var decisions: [Decision] = []
        /// |Delta|, and the norms at other sizes that a metric compares with it, except at sizes that can't be
        /// solved for.
        var norms: [(metric: Metric, values: [Double])] = []
        /// The angle between Delta and Delta_N in radians; nil if either is 0.
        var angles: [Double?] = []
        /// The norm of what the samples leave unexplained of the oracle: |Delta_N| sin(angle), or |Delta_N|
        /// past a right angle.
        var unexplained: [Double] = []
        /// max_i |f(x_i) - z_i| / max_i |z_i|; nil if every z_i is 0.
        var residuals: [Double?] = []
    }

    /// The student that sees all samples.
    struct Oracle: Sendable {
        /// As in `Stop`.
        let decisions: [Decision]
        /// |f_N(x)|, in the same order.
        let magnitudes: [Double]
    }

    /// By sample size, ascending.
    var stops: [Stop]
    /// Nil if no metric needs it, or if the kernel hasn't the rank for all samples.
    var oracle: Oracle?
}
