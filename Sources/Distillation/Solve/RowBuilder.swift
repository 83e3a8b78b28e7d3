import Sweep

/// The rows of a block's wanted cells, which are filled one after the other.
struct RowBuilder {
    private(set) var rows: [Row]
    /// A wanted place's position in `rows`; -1 for a place that isn't wanted.
    private var positions: [Int32]
    /// A chosen metric's position in a row's values.
    private let indices: [Metric: Int]

    init(_ block: Block, _ metrics: [Metric]) {
        indices = Dictionary(uniqueKeysWithValues: metrics.enumerated().map { ($1, $0) })
        var positions = [Int32](repeating: -1, count: block.places.count)
        var rows: [Row] = []
        rows.reserveCapacity(block.wantedCount)
        let undefined = [Double](repeating: .nan, count: metrics.count)
        block.forEachWanted { place, cell in
            positions[place] = Int32(rows.count)
            rows.append(Row(cell: cell, status: .singular, values: undefined))
        }
        (self.positions, self.rows) = (positions, rows)
    }

    /// Fills a cell's row if the cell is wanted.
    ///
    /// - Parameter forEach: calls what it is given with each metric that is defined.
    mutating func fill(
        _ place: Int, as status: Status, _ forEach: ((Metric, Double) -> Void) -> Void
    ) {
        let position = Int(positions[place])
        guard position >= 0 else { return }
        rows[position].status = status
        forEach { metric, value in
            if let index = indices[metric] { rows[position].values[index] = value }
        }
    }

    /// Marks a cell's row as failed for this reason, if the cell is wanted. Other cells may have results.
    mutating func fail(_ place: Int, reason: String) {
        let position = Int(positions[place])
        guard position >= 0 else { return }
        let undefined = [Double](repeating: .nan, count: rows[position].values.count)
        rows[position] = Row(
            cell: rows[position].cell, status: .failed, values: undefined, error: reason)
    }
}
