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

    /// What tells the curves apart, or a map's colours.
    struct Key {
        /// The longest line's length.
        var letters: Int
        /// How many lines there are; 0 for colours, which are a bar to the right of the panels.
        var entries: Int
        var hasTitle: Bool

        fileprivate var mayBeBelow: Bool { entries > 0 }

        /// How wide it is, with the space around it.
        func width(_ lettering: Lettering) -> Double {
            max(90, Double(letters) * 0.517 * lettering.text + 62)
        }

        fileprivate func height(rows: Int) -> Double {
            Double(rows + (hasTitle ? 1 : 0)) * 1.25 * lineHeight
        }
    }

    let width: Double
    let height: Double
    let lettering: Lettering
    /// The panels' frames, row by row.
    let frames: [Frame]
    /// The key's upper left corner, or that of a map's colours.
    let keyPlace: (x: Double, y: Double)
    /// How many entries of the key are below each other.
    let keyRows: Int
    /// The title's lines and the caption's, and the height at which the first one of these begins.
    let title: [String]
    let caption: [String]
    let captionTop: Double

    static let panelWidth = 250.0
    private static let panelHeight = 210.0
    private static let leastPanelWidth = 110.0
    static let lineHeight = 15.0
    private static let axisWidth = 76.0
    private static let gap = 24.0
    private static let titleHeight = 18.0
    private static let panelTitleHeight = 26.0
    private static let axisHeight = 54.0

    /// - Parameters:
    ///   - title: of the figure; it and the caption are empty if they aren't drawn.
    ///   - wanted: the figure's width; nil if the panels have their usual size. A row then has as many panels as
    ///     there is room for, and the key is below the panels if there is room for more then.
    init(panels: Int, key: Key, title: String, caption: String, width wanted: Double? = nil) {
        let most = panels <= 3 ? panels : (panels == 4 ? 2 : 3)
        // A single panel is drawn larger, so that there is room for the title and the caption.
        let usual = most == 1 ? 1.5 * Self.panelWidth : Self.panelWidth
        func room(for columns: Int, _ lettering: Lettering, below: Bool) -> Double {
            guard let wanted else { return usual }
            let rest = wanted - Self.axisWidth - (below ? 16 : key.width(lettering))
            return (rest - Double(columns - 1) * Self.gap) / Double(columns)
        }
        func columns(below: Bool) -> Int {
            (1...most).last { room(for: $0, .small, below: below) >= Self.leastPanelWidth } ?? 0
        }
        let isBelow = key.mayBeBelow && columns(below: true) > columns(below: false)
        let columns = max(1, columns(below: isBelow))
        let isNarrow = isBelow || room(for: columns, .usual, below: false) < 0.8 * usual
        let lettering: Lettering = isNarrow ? .small : .usual
        let panelWidth = room(for: columns, lettering, below: isBelow)
        let inner = Double(columns) * panelWidth + Double(columns - 1) * Self.gap
        let width = wanted ?? Self.axisWidth + inner + key.width(lettering)
        (self.width, self.lettering) = (width, lettering)
        self.title = wrapped(title, to: Int((width - 24) / (0.6 * lettering.title)))
        self.caption = wrapped(caption, to: Int((width - 24) / (0.56 * lettering.caption)))

        let keyColumns =
            isBelow ? max(1, Int((width - 24) / (key.width(lettering) + lettering.text))) : 1
        keyRows = (key.entries + keyColumns - 1) / keyColumns
        captionTop = Double(self.caption.count) * Self.lineHeight + 4
        let keyHeight = key.height(rows: keyRows)
        let bottom = captionTop + Self.axisHeight + (isBelow ? keyHeight : 0)
        let rows = (panels + columns - 1) / columns
        let above = panels > 1 || !title.isEmpty ? Self.panelTitleHeight : 10
        let shape = (most == 1 ? 1.3 / 1.5 : 1) * Self.panelHeight / Self.panelWidth
        // Panels beside a long key are higher, so that it doesn't reach into the caption.
        let pitch = max(
            panelWidth * shape + above + 6,
            isBelow ? 0 : (keyHeight + above - Self.axisHeight) / Double(rows))
        let panelHeight = pitch - above - 6
        let top = bottom + Double(rows) * pitch
        height =
            top + (title.isEmpty ? 0 : Self.titleHeight * Double(self.title.count + 1))
        frames = (0..<panels).map { index in
            let (row, column) = index.quotientAndRemainder(dividingBy: columns)
            let left = Self.axisWidth + Double(column) * (panelWidth + Self.gap)
            let top = top - Double(row) * pitch - above
            return Frame(
                left: left, bottom: top - panelHeight, right: left + panelWidth, top: top,
                isLeftmost: column == 0, isLowest: index + columns >= panels)
        }
        keyPlace =
            isBelow
            ? (12, bottom - Self.axisHeight) : (Self.axisWidth + inner + 16, frames[0].top)
    }
}

/// Lines of at most `length` characters, broken at spaces, but not within `n = 16`.
func wrapped(_ text: String, to length: Int) -> [String] {
    guard !text.isEmpty else { return [] }
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
