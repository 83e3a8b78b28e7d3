/// Rows of words and numbers in columns two spaces apart: the first is aligned left, the others right.
struct TextTable {
    /// At least one row; all have the same number of columns.
    let rows: [[String]]

    init(_ rows: [[String]]) { self.rows = rows }

    /// A line for each row, without a line end after the last.
    var text: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
        return rows.map { row in
            row.enumerated().map { column, text in
                let padding = String(repeating: " ", count: widths[column] - text.count)
                return column == 0 ? text + padding : padding + text
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
