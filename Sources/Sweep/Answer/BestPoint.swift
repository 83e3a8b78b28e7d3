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
