/// Rows of words and numbers in columns two spaces apart: the first is aligned left, the others right, or left too.
struct TextTable {
    /// At least one row; all have the same number of columns.
    let rows: [[String]]
    private let isLeftAligned: Bool

    init(_ rows: [[String]], isLeftAligned: Bool = false) {
        self.rows = rows
        self.isLeftAligned = isLeftAligned
    }

    /// A line for each row, without a line end after the last.
    var text: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
        return rows.map { row in
            row.enumerated().map { column, text in
                // Nothing is padded at a line's end.
                let isLast = isLeftAligned && column == widths.count - 1
                let missing = isLast ? 0 : widths[column] - text.count
                let padding = String(repeating: " ", count: missing)
                return column == 0 || isLeftAligned ? text + padding : padding + text
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
