/// Rows of words and numbers: columns two spaces apart, the first to the left, the others to the right.
struct TextTable {
    /// All of equally many columns; at least one.
    let rows: [[String]]

    init(_ rows: [[String]]) { self.rows = rows }

    /// A line a row, without an end of the last.
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
