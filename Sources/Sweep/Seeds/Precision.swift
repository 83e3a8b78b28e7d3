/// How well a sweep's results are to be known: until they are, its families get more seeds (theory.md, section 9).
/// A family is a (width, model, depth).
///
/// The seeds that there may be are the grid's. Which of them a family has follows from the results of those that it
/// had before, see `SeedCourse`.
public struct Precision: Hashable, Codable, Sendable {
    public struct Target: Hashable, Codable, Sendable {
        public var metric: Metric
        /// The largest standard error of its means; > 0.
        public var error: Double

        public init(metric: Metric, error: Double) {
            self.metric = metric
            self.error = error
        }
    }

    /// How many seeds every family begins with; >= 2 and at most as many as the grid has.
    public var atLeast: Int
    /// At least one, in the order of `Metric.allCases`, each of a metric of the sweep.
    public var targets: [Target]

    public init(atLeast: Int, targets: [Target]) {
        self.atLeast = atLeast
        self.targets = targets
    }
}
