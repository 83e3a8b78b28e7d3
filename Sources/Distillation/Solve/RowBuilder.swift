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
    /// - Parameter stop: nil if the kernel is singular at the cell's sample size. The row then has only the
    ///   metrics that need no student.
    mutating func fill(_ place: Int, _ metrics: MetricReader, stop: Int?) {
        let position = Int(positions[place])
        guard position >= 0 else { return }
        let status: Status = stop == nil ? .singular : .ok
        rows[position].status = status
        func set(_ metric: Metric, _ value: Double) {
            if let index = indices[metric] { rows[position].values[index] = value }
        }
        if let stop {
            metrics.forEach(stop: stop, set)
        } else {
            set(.teacherError, metrics.teacherError)
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
