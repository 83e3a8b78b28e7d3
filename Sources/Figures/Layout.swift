/// Where the parts of a figure are, in points from its lower left corner.
struct Layout {
    struct Frame {
        var left: Double
        var bottom: Double
        var right: Double
        var top: Double
        /// Whether no panel is to its left: only then is its vertical axis labelled.
        var isLeftmost: Bool
        /// Whether no panel is below it: only then is its horizontal axis labelled.
        var isLowest: Bool
    }

    let width: Double
    let height: Double
    /// The panels' frames, row by row.
    let frames: [Frame]
    /// The key's upper left corner.
    let key: (x: Double, y: Double)
    /// The caption's lines, and the height at which the first one begins.
    let caption: [String]
    let captionTop: Double

    static let panelWidth = 250.0
    static let panelHeight = 210.0
    static let lineHeight = 15.0
    private static let axisWidth = 76.0
    private static let gap = 24.0
    private static let titleHeight = 36.0
    private static let panelTitleHeight = 26.0
    private static let axisHeight = 54.0
    /// The average width of a letter in a caption.
    private static let letterWidth = 5.6

    /// - Parameter keyWidth: the width of the key, which is to the right of the panels.
    init(panels: Int, keyWidth: Double, caption: String) {
        let columns = panels <= 3 ? panels : (panels == 4 ? 2 : 3)
        let rows = (panels + columns - 1) / columns
        // A single panel is drawn larger, so that there is room for the title and the caption.
        let panelWidth = columns == 1 ? 1.5 * Self.panelWidth : Self.panelWidth
        let panelHeight = columns == 1 ? 1.3 * Self.panelHeight : Self.panelHeight
        let inner = Double(columns) * panelWidth + Double(columns - 1) * Self.gap
        width = Self.axisWidth + inner + keyWidth
        self.caption = wrapped(caption, to: Int((width - 24) / Self.letterWidth))
        captionTop = Double(self.caption.count) * Self.lineHeight + 4
        let bottom = captionTop + Self.axisHeight
        let pitch = panelHeight + Self.panelTitleHeight + 6
        let top = bottom + Double(rows) * pitch
        height = top + Self.titleHeight
        frames = (0..<panels).map { index in
            let (row, column) = index.quotientAndRemainder(dividingBy: columns)
            let left = Self.axisWidth + Double(column) * (panelWidth + Self.gap)
            let top = top - Double(row) * pitch - Self.panelTitleHeight
            return Frame(
                left: left, bottom: top - panelHeight, right: left + panelWidth, top: top,
                isLeftmost: column == 0, isLowest: index + columns >= panels)
        }
        key = (Self.axisWidth + inner + 16, frames[0].top)
    }
}

/// Lines of at most `length` characters, broken at spaces, but not within `n = 16`.
func wrapped(_ text: String, to length: Int) -> [String] {
    var lines = [""]
    for part in text.replacing(" = ", with: "\u{a0}=\u{a0}").split(separator: " ") {
        let word = String(part.replacing("\u{a0}", with: " "))
        let line = lines.last!
        if line.isEmpty {
            lines[lines.count - 1] = word
        } else if line.count + 1 + word.count <= length {
            lines[lines.count - 1] = "\(line) \(word)"
        } else {
            lines.append(word)
        }
    }
    return lines
}
