/// Which value of an axis is best in a metric: asked of each grid point without that axis and the seed.
public struct BestQuestion: Hashable, Sendable {
    /// Not the seed.
    public let axis: Axis
    public let metric: Metric
    /// Whether a larger metric is better.
    public let prefersLargest: Bool

    /// - Parameter axis: any but the seed.
    public init(axis: Axis, metric: Metric, prefersLargest: Bool = false) {
        precondition(axis != .seed, "a metric's mean is over the seeds")
        self.axis = axis
        self.metric = metric
        self.prefersLargest = prefersLargest
    }

    /// What `best.csv` answers: how much of the teacher should be believed. Nil if the sweep can't say.
    public static func standard(of sweep: Sweep) -> BestQuestion? {
        guard sweep.metrics.contains(.studentError), sweep.grid.softRatio.count > 1 else {
            return nil
        }
        return BestQuestion(axis: .softRatio, metric: .studentError)
    }

    /// The positions of the axis' values, in the order in which one is the lowest: ascending, but models as given.
    package func positions(in grid: Grid) -> [Int] {
        axis == .model ? Array(grid[axis].indices) : grid[axis].ascending
    }

    /// Whether a student's metric is compared with its teacher's: only its error is of the same kind.
    package func comparesWithTeacher(in sweep: Sweep) -> Bool {
        metric == .studentError && sweep.metrics.contains(.teacherError)
    }
}
