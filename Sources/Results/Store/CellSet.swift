/// Some cells of a grid, by number: a bit for each cell of the grid, so 10 million cells are 1.2 MB.
public struct CellSet: Sendable {
    /// How many cells the set has.
    public private(set) var count = 0
    private var words: [UInt64]

    /// An empty set of cells of a grid of `cellCount`.
    init(cellCount: Int) {
        words = [UInt64](repeating: 0, count: (cellCount + 63) / 64)
    }

    /// O(1). `cell` is a number of the grid that the set was made for.
    public func contains(_ cell: Int) -> Bool {
        words[cell >> 6] & (1 << UInt64(cell & 63)) != 0
    }

    mutating func insert(_ cell: Int) {
        guard !contains(cell) else { return }
        words[cell >> 6] |= 1 << UInt64(cell & 63)
        count += 1
    }
}
