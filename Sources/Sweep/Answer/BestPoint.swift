/// The best value at one grid point.
public struct BestPoint: Sendable {
    /// The number of a cell of the point, by which its values of the other axes are known.
    public var cell: Int
    /// Its values are numbers of `positions`.
    public var best: Best
    /// The positions on the axis of the values that were compared: those that have a cell at this point, ascending.
    public var positions: [Int]

    package init(cell: Int, best: Best, positions: [Int]) {
        self.cell = cell
        self.best = best
        self.positions = positions
    }
}

/// Its columns in `best.csv`, besides the other axes and the seeds.
extension BestPoint {
    public static let valueColumns = ["best", "plausible_from", "plausible_to"]
    /// Each has a mean, and a standard error whose name ends with `_sem`.
    public static let estimateColumns = [
        "value", "gain_over_lowest", "gain_over_highest", "gain_over_teacher",
    ]

    /// The values of the axis in the order of `valueColumns`; nil where nothing is known.
    public func values(of axis: Axis, in grid: Grid) -> [AxisValue?] {
        [best.value, best.plausible?.lowerBound, best.plausible?.upperBound].map { number in
            number.map { grid[axis][positions[$0]] }
        }
    }

    /// In the order of `estimateColumns`; nil where nothing is known.
    public var estimates: [Estimate?] {
        [best.metric, best.gainOverLowest, best.gainOverHighest, best.gainOverTeacher]
    }
}
