import Sweep

/// An axis in figures.
extension Axis {
    /// The axes that figures can draw: all but the seed, over which they average. In grid order.
    public static let drawn = allCases.filter { $0 != .seed }

    /// The axes of `drawn`, with `axes` first.
    static func drawn(beginning axes: [Axis]) -> [Axis] {
        axes + drawn.filter { !axes.contains($0) }
    }

    var title: String { "\(words) \(symbol)" }

    /// The axis' values in the grid's order; an infinite width is infinity.
    func values(of grid: Grid) -> [Double] { grid[self].all.map(\.number) }

    /// The position of the value that the axis has in a figure that doesn't draw it. So such a figure shows the
    /// sweep's best student (the widest, with the most samples), with all else as in the paper if possible.
    func usualPosition(in grid: Grid) -> Int {
        let values = values(of: grid)
        let usual: Double? =
            switch usual {
            case .largest: values.max()
            case .smallest: values.min()
            case .nearest(let value): values.min { abs($0 - value) < abs($1 - value) }
            }
        return values.firstIndex(of: usual!)!
    }

    /// The positions of the axis' values, ascending.
    func ascending(in grid: Grid) -> [Int] {
        let values = values(of: grid)
        return values.indices.sorted { values[$0] < values[$1] }
    }
}

/// The shortest text of a value of an axis or a metric, `0.3`, `64`, `∞`.
func text(of value: Double) -> String {
    if value == .infinity { return "∞" }
    return value == value.rounded() && abs(value) < 1e15
        ? String(Int(value)) : value.description
}
