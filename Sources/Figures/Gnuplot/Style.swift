/// What a figure's pictures are to be like, beside what they show.
public struct Style: Hashable, Sendable {
    public enum Format: String, Hashable, Sendable, CaseIterable {
        case svg, pdf, png
    }

    /// In inches; nil: as wide as the panels need.
    public var width: Double?
    /// Whether the title and the caption are left out of the pictures; a text file beside them then has both.
    public var isBare: Bool
    /// At least one.
    public var formats: [Format]

    /// Less has no room for a panel and its key.
    public static let widths = 3.0...30.0
    /// Points of an SVG, or pixels.
    static let pointsPerInch = 96.0

    public init(
        width: Double? = nil, isBare: Bool = false, formats: [Format] = Format.allCases
    ) {
        precondition(!formats.isEmpty && width.map(Self.widths.contains) ?? true)
        self.width = width
        self.isBare = isBare
        self.formats = formats
    }
}
