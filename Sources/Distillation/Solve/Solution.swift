import Sweep

/// The number of the class that is decided for, as bytes that are compared: 1 for a logit above 0, else 0.
typealias Decision = UInt8

/// Of one logit between two classes.
@inline(__always) func decision(_ logit: Double) -> Decision { logit > 0 ? 1 : 0 }

/// The students of some right-hand sides, at each stop: all that the metrics are read from, whatever made it.
/// What isn't asked for is empty.
struct Solution: Sendable {
    /// The students that see so many samples: lists of a value a column.
    struct Stop: Sendable {
        /// At the M test points: M a column, one column after the other.
        var decisions: [Decision] = []
        /// |Delta|, and those of other sizes that a metric compares with it; nothing of a size that can't be
        /// solved for.
        var norms: [(metric: Metric, values: [Double])] = []
        /// Between Delta and Delta_N, radians; nil where either is 0.
        var angles: [Double?] = []
        /// |Delta_N| sin(angle), and |Delta_N| past a right angle: what the samples leave unexplained of the
        /// oracle.
        var unexplained: [Double] = []
        /// max_i |f(x_i) - z_i| / max_i |z_i|; nil where every z_i is 0.
        var residuals: [Double?] = []
    }

    /// The student that sees all samples.
    struct Oracle: Sendable {
        /// As a stop's.
        let decisions: [Decision]
        /// |f_N(x)|, in the same order.
        let magnitudes: [Double]
    }

    /// By sample size, ascending.
    var stops: [Stop]
    /// Nil where it doesn't exist, or isn't asked for.
    var oracle: Oracle?
}
