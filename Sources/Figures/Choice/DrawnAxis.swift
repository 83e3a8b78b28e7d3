import Sweep

/// An axis in figures.
extension Axis {
    /// The axes that figures can draw: all but the seed, over which they average. In grid order.
    public static let drawn = allCases.filter { $0 != .seed }

    /// The axes of `drawn`, with `axes` first.
    static func drawn(beginning axes: [Axis]) -> [Axis] {
        axes + drawn.filter { !axes.contains($0) }
    }

    var title: String { symbol.isEmpty ? words : "\(words) \(symbol)" }

    /// What stands for it in an equation: its symbol, if it has one.
    var short: String { symbol.isEmpty ? words : symbol }

    /// Whether its values are numbers, which a scale can show.
    public var isNumeric: Bool { names.isEmpty }

    /// The shortest text of one of its values.
    func text(of value: Double) -> String {
        isNumeric ? Figures.text(of: value) : names[Int(value)]
    }

    /// The axis' values in the grid's order; an infinite width is infinity.
    func values(of grid: Grid) -> [Double] { grid[self].all.map(\.number) }

    /// The positions of the axis' values, ascending.
    func ascending(in grid: Grid) -> [Int] { grid[self].ascending }
}

/// The shortest text of a value of an axis or a metric, `0.3`, `64`, `∞`.
func text(of value: Double) -> String {
    if value == .infinity { return "∞" }
    return value == value.rounded() && abs(value) < 1e15
        ? String(Int(value)) : value.description
}
