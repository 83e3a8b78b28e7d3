/// A figure as numbers, before it is drawn by gnuplot or by the dashboard's page.
public struct Figure: Hashable, Codable, Sendable {
    /// What an axis, a set of lines or a colour stands for.
    public struct Quantity: Hashable, Codable, Sendable {
        /// Its name in the CSVs, `sample_size`.
        public var name: String
        /// Its name in words and its symbol, `sample size n`.
        public var title: String
        /// Whether it is drawn on a logarithmic scale; its values are then above 0.
        public var isLogarithmic: Bool
        /// Which of its values has no place on that scale and is drawn as a dashed level, `m = ∞`; nil if none.
        public var limit: String?
        /// What its scale has to cover, so that the figures of a sweep have the same one; nil: what the figure
        /// itself shows of it.
        public var extent: Extent?

        public init(
            name: String, title: String, isLogarithmic: Bool = false, limit: String? = nil,
            extent: Extent? = nil
        ) {
            self.name = name
            self.title = title
            self.isLogarithmic = isLogarithmic
            self.limit = limit
            self.extent = extent
        }
    }

    /// The least and the greatest of some values.
    public struct Extent: Hashable, Codable, Sendable {
        public var low: Double
        public var high: Double

        public init(low: Double, high: Double) {
            self.low = low
            self.high = high
        }
    }

    /// A mean over the seeds, or a best value.
    public struct Point: Hashable, Codable, Sendable {
        public var x: Double
        public var y: Double
        /// One standard error to either side; nil for fewer than two seeds.
        public var error: Double?
        /// Whether seeds of the sweep are missing in the mean.
        public var isPartial: Bool
        /// Of a best value, from where to where nothing can be told from it.
        public var range: Extent?

        public init(
            x: Double, y: Double, error: Double? = nil, isPartial: Bool = false,
            range: Extent? = nil
        ) {
            self.x = x
            self.y = y
            self.error = error
            self.isPartial = isPartial
            self.range = range
        }

        /// What its band covers; nil if it has none.
        var band: Extent? { range ?? error.map { Extent(low: y - $0, high: y + $0) } }
    }

    public struct Curve: Hashable, Codable, Sendable {
        public var label: String
        /// Ascending in x; points without a value are left out.
        public var points: [Point]
        /// The value at `x.limit`, drawn as a level. Its x means nothing.
        public var limit: Point?
        /// The position of the best point, if the figure marks it.
        public var best: Int?
        /// From the first to the last x that can't be told from the best; nil if that isn't known.
        public var plausible: Extent?

        public init(
            label: String, points: [Point] = [], limit: Point? = nil, best: Int? = nil,
            plausible: Extent? = nil
        ) {
            self.label = label
            self.points = points
            self.limit = limit
            self.best = best
            self.plausible = plausible
        }
    }

    /// Values over a grid of two axes.
    public struct Map: Hashable, Codable, Sendable {
        /// Ascending.
        public var x: [Double]
        /// Ascending.
        public var y: [Double]
        /// `y.count` rows of `x.count` values; nil for a missing one.
        public var values: [[Double?]]
        /// The cells, as a column and a row, in whose means seeds of the sweep are missing.
        public var partial: [[Int]]

        public init(x: [Double], y: [Double], values: [[Double?]], partial: [[Int]] = []) {
            self.x = x
            self.y = y
            self.values = values
            self.partial = partial
        }
    }

    /// What the curves are compared with, the teacher's error: dotted, without marks and bands.
    public struct Reference: Hashable, Codable, Sendable {
        public enum Course: Hashable, Codable, Sendable {
            /// The same at every x.
            case level(Double)
            /// Ascending in x.
            case points([Point])
        }

        public var label: String
        /// The position of the only curve that is compared with it; nil if all are.
        public var curve: Int?
        public var course: Course

        public init(label: String, curve: Int? = nil, course: Course) {
            self.label = label
            self.curve = curve
            self.course = course
        }
    }

    public enum Content: Hashable, Codable, Sendable {
        case curves([Curve])
        case map(Map)
    }

    public struct Panel: Hashable, Codable, Sendable {
        /// Which value the panel is for, `teacher noise η = 1`; empty if there is only one panel.
        public var title: String
        public var content: Content
        public var references: [Reference]

        public init(title: String, content: Content, references: [Reference] = []) {
            self.title = title
            self.content = content
            self.references = references
        }
    }

    /// Which colours tell its curves apart.
    public enum Colours: String, Hashable, Codable, Sendable {
        /// The curves are values of one axis, in order: from dark to light.
        case ordered
        /// The curves are of different kinds.
        case distinct
    }

    /// A name that a file may have, `student-error`.
    public var name: String
    public var title: String
    /// The sweep's name, which axes are fixed where, and what a reader has to know.
    public var caption: String
    public var x: Quantity
    /// What the curves show; for a map, its vertical axis.
    public var y: Quantity
    /// What the curves' labels are values of; for a map, what its colours show.
    public var key: Quantity
    public var colours: Colours
    /// At least one. All have the same kind of content, and the same curves in the same order.
    public var panels: [Panel]

    public init(
        name: String, title: String, caption: String, x: Quantity, y: Quantity, key: Quantity,
        colours: Colours, panels: [Panel]
    ) {
        self.name = name
        self.title = title
        self.caption = caption
        self.x = x
        self.y = y
        self.key = key
        self.colours = colours
        self.panels = panels
    }
}
