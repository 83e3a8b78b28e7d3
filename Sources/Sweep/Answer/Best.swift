/// Which value of an axis has the best metric at one grid point, and how sure that is. All values of a seed share samples,
/// noise and weights, so values are compared within a seed: differences vary far less than the metric itself.
public struct Best: Hashable, Sendable {
    /// How many seeds count: those in which every value has the metric.
    public var seeds: Int
    /// The number of the best value; nil if no seed counts.
    public var value: Int?
    /// The first and the last value whose mean difference from the best is at most two standard errors. Nil for fewer
    /// than three seeds.
    public var plausible: ClosedRange<Int>?
    /// Of the metric at the best value; nil if no seed counts.
    public var metric: Estimate?
    /// How much better the best value is than the first and the last one, and how much better the student is than
    /// the teacher. Each seed is judged at the value that is best over the other seeds: what chooses doesn't judge, so a
    /// gain isn't flattered. Nil for fewer than three seeds.
    public var gainOverLowest, gainOverHighest, gainOverTeacher: Estimate?

    /// The fewest seeds from which anything is said of how sure a value is.
    public static let fewestSeeds = 3

    /// - Parameters:
    ///   - metric: by value and seed; NaN where a value hasn't the metric in that seed. At least one value; those of
    ///     a numeric axis ascend.
    ///   - teacher: the teacher's error by value and seed, in the metric's units; nil if the student isn't compared with it.
    ///   - prefersLargest: whether a larger metric is better.
    ///
    /// O(values x seeds).
    public init(
        _ metric: [[Double]], teacher: [[Double]]? = nil, prefersLargest: Bool = false
    ) {
        precondition(!metric.isEmpty, "there is a value to be best")
        let sign = prefersLargest ? -1.0 : 1
        let counting = metric[0].indices.filter { seed in metric.allSatisfy { !$0[seed].isNaN } }
        // The smaller, the better.
        let losses = metric.map { values in counting.map { sign * values[$0] } }
        seeds = counting.count
        guard seeds > 0 else { return }
        let sums = losses.map(ExactSum.init)
        let best = Self.least(sums.map { $0.rounded / Double(seeds) })
        value = best
        self.metric = Estimate(exactly: losses[best].map { sign * $0 })
        guard seeds >= Self.fewestSeeds else { return }
        let alike = losses.indices.filter { value in
            let difference = Estimate(exactly: zip(losses[value], losses[best]).map { $0 - $1 })
            return difference.mean <= 2 * difference.error
        }
        plausible = alike[0]...alike[alike.count - 1]
        let chosen = (0..<seeds).map { seed in
            Self.least(
                losses.indices.map { value in
                    var others = sums[value]
                    others.add(-losses[value][seed])
                    return others.rounded / Double(seeds - 1)
                })
        }
        func gain(over reference: (_ seed: Int) -> Double) -> Estimate {
            Estimate(exactly: (0..<seeds).map { reference($0) - losses[chosen[$0]][$0] })
        }
        gainOverLowest = gain { losses[0][$0] }
        gainOverHighest = gain { losses[losses.count - 1][$0] }
        if let teacher { gainOverTeacher = gain { sign * teacher[chosen[$0]][counting[$0]] } }
    }

    /// The place of the least mean; of equals the first.
    private static func least(_ means: [Double]) -> Int {
        means.indices.min { means[$0] < means[$1] }!
    }
}
