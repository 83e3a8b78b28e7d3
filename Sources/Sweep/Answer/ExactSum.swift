/// A sum of doubles without rounding errors: the sum of some partial sums that don't overlap, smallest first
/// (Shewchuk 1997, *Adaptive precision floating-point arithmetic*). So it depends neither on the order of its
/// terms nor on what was added and taken away again, and equal means are equal.
package struct ExactSum: Sendable {
    private var partials: [Double] = []

    package init() {}

    package init(_ values: some Sequence<Double>) {
        for value in values { add(value) }
    }

    /// Adds a finite value. O(partials), of which there are a few if the values are of similar size.
    package mutating func add(_ value: Double) {
        var rest = value
        var kept = 0
        for partial in partials {
            let (sum, error) = Self.sum(rest, partial)
            if error != 0 {
                partials[kept] = error
                kept += 1
            }
            rest = sum
        }
        partials.removeSubrange(kept...)
        if rest != 0 { partials.append(rest) }
    }

    /// a + b as the nearest double, and what rounding left out (Knuth, *The Art of Computer Programming* 2, 4.2.2).
    private static func sum(_ a: Double, _ b: Double) -> (sum: Double, error: Double) {
        let sum = a + b
        let bPart = sum - a
        return (sum, (a - (sum - bPart)) + (b - bPart))
    }

    /// The double nearest to the sum; of two that are equally near the even one.
    package var rounded: Double {
        guard var sum = partials.last else { return 0 }
        var below = partials.count - 1
        var error = 0.0
        while below > 0, error == 0 {
            below -= 1
            (sum, error) = Self.sum(sum, partials[below])
        }
        // The error may lie just half way to the next double. Then the sign of the next smaller partial sum says
        // on which side of it the sum is.
        guard below > 0, (error < 0) == (partials[below - 1] < 0) else { return sum }
        let next = sum + 2 * error
        return next - sum == 2 * error ? next : sum
    }
}

extension Estimate {
    /// Mean and standard error of a metric over some seeds, from exact sums: sum x / k, and
    /// sqrt(sum (x - mean)^2 / (k - 1) / k). The mean is NaN for no values, the error for fewer than two.
    package init(exactly values: [Double]) {
        let count = Double(values.count)
        let mean = ExactSum(values).rounded / count
        let squares = ExactSum(values.lazy.map { ($0 - mean) * ($0 - mean) }).rounded
        self.init(
            mean: mean,
            error: values.count > 1 ? (squares / (count - 1) / count).squareRoot() : .nan,
            seeds: values.count)
    }
}
