/// Where the parts of a figure are, in points (96 to the inch) from its lower left corner.
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

    /// The sizes of letters. In a narrow figure they are smaller, but never below 7 pt, that is 9.33 of these
    /// points.
    struct Lettering {
        var title: Double
        var text: Double
        var caption: Double

        static let usual = Lettering(title: 14, text: 12, caption: 10)
        static let small = Lettering(title: 12, text: 10, caption: 9.5)
    }

    let width: Double
    let height: Double
    let lettering: Lettering
    /// The panels' frames, row by row.
    let frames: [Frame]
    /// The key's upper left corner, or that of a map's colours.
    let key: (x: Double, y: Double)
    /// The caption's lines, and the height at which the first one begins.
    let caption: [String]
    let captionTop: Double

    static let panelWidth = 250.0
    private static let panelHeight = 210.0
    private static let leastPanelWidth = 110.0
    static let lineHeight = 15.0
    private static let axisWidth = 76.0
    private static let gap = 24.0
    private static let titleHeight = 36.0
    private static let panelTitleHeight = 26.0
    private static let axisHeight = 54.0

    /// - Parameters:
    ///   - keyLetters: how many letters the key is wide.
    ///   - keyRows: how many lines the key has if it can be below the panels: it is to their right unless a figure
    ///     of the wanted width then has no room for a panel.
    ///   - isBare: whether the title and the caption are left out.
    ///   - wanted: the figure's width; nil if the panels have their usual size. A row then has as many panels as
    ///     there is room for.
    init(
        panels: Int, keyLetters: Int, keyRows: Int?, caption: String, isBare: Bool = false,
        width wanted: Double? = nil
    ) {
        let most = panels <= 3 ? panels : (panels == 4 ? 2 : 3)
        // A single panel is drawn larger, so that there is room for the title and the caption.
        let usual = most == 1 ? 1.5 * Self.panelWidth : Self.panelWidth
        func keyWidth(_ type: Lettering) -> Double {
            max(90, Double(keyLetters) * 0.517 * type.text + 62)
        }
        let below = wanted.flatMap { wanted in
            wanted - Self.axisWidth - keyWidth(.small) < Self.leastPanelWidth ? keyRows : nil
        }
        func outside(_ type: Lettering) -> Double {
            Self.axisWidth + (below == nil ? keyWidth(type) : 12)
        }
        func room(for columns: Int, _ type: Lettering) -> Double {
            wanted.map {
                ($0 - outside(type) - Double(columns - 1) * Self.gap) / Double(columns)
            } ?? usual
        }
        let type = room(for: most, .usual) < 0.8 * usual ? Lettering.small : .usual
        let columns = (1...most).last { room(for: $0, type) >= Self.leastPanelWidth } ?? 1
        let panelWidth = max(60, room(for: columns, type))
        let panelHeight =
            panelWidth * (most == 1 ? 1.3 / 1.5 : 1) * Self.panelHeight / Self.panelWidth
        let rows = (panels + columns - 1) / columns
        let inner = Double(columns) * panelWidth + Double(columns - 1) * Self.gap
        let width = wanted ?? outside(type) + inner
        let lines = isBare ? [] : wrapped(caption, to: Int((width - 24) / (0.56 * type.caption)))
        let captionTop = Double(lines.count) * Self.lineHeight + 4
        let bottom =
            captionTop + Self.axisHeight + (below.map { Double($0) * 1.2 * Self.lineHeight } ?? 0)
        let titles = panels > 1 || !isBare ? Self.panelTitleHeight : 10
        let pitch = panelHeight + titles + 6
        let top = bottom + Double(rows) * pitch
        (self.width, self.lettering, self.caption, self.captionTop) = (
            width, type, lines, captionTop
        )
        height = top + (isBare ? 0 : Self.titleHeight)
        frames = (0..<panels).map { index in
            let (row, column) = index.quotientAndRemainder(dividingBy: columns)
            let left = Self.axisWidth + Double(column) * (panelWidth + Self.gap)
            let top = top - Double(row) * pitch - titles
            return Frame(
                left: left, bottom: top - panelHeight, right: left + panelWidth, top: top,
                isLeftmost: column == 0, isLowest: index + columns >= panels)
        }
        key =
            below == nil
            ? (Self.axisWidth + inner + 16, frames[0].top)
            : (Self.axisWidth, bottom - Self.axisHeight)
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
