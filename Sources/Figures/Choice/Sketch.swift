import Sweep

/// What a figure is to show, before its numbers are known: which axes and measures it draws, and at which
/// values the other axes are fixed.
public struct Sketch: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case curves
        /// The measure as a colour over x and the axis of `lines`.
        case map
    }

    var name: String
    var title: String
    var kind: Kind
    var x: Axis
    /// If there are several, each has a curve, and `lines` is nil.
    package var measures: [Measure]
    var lines: Axis?
    /// Curves that differ in several axes at once, in place of `lines`; empty: none.
    var variants: [Variant] = []
    var panels: Axis?
    /// Which values of each axis may be drawn, as positions in the grid, ascending by value; only one of a
    /// fixed axis.
    var positions: [Axis: [Int]]
    /// How many values of each axis no student that the figure shows can have.
    private(set) var impossible: [Axis: Int] = [:]
    /// The most values of the axis of `lines` and of `panels` that are drawn; a map draws all of `lines`.
    var mostLines: Int
    var mostPanels: Int
    /// Nil: what suits the values.
    var logarithms: Logarithms?
    /// If not nil, it shows differences within the seeds from the students with this value.
    package var relative: Relative?

    /// A value of an axis.
    package struct Relative: Hashable, Sendable {
        package var axis: Axis
        /// The value's position in the grid.
        package var position: Int
    }

    /// A curve of one measure, at positions of several axes.
    struct Variant: Hashable, Sendable {
        let label: String
        let positions: [Axis: Int]
    }

    /// With more lines they couldn't be told apart; with more panels they couldn't be read.
    static let mostLines = 8
    static let mostPanels = 6

    init(
        _ variety: Variety, name: String, title: String, kind: Kind = .curves, x: Axis,
        measures: [Measure], lines: Axis?, panels: Axis?,
        mostLines: Int = Sketch.mostLines, mostPanels: Int = Sketch.mostPanels
    ) {
        self.name = name
        self.title = title
        self.kind = kind
        self.x = x
        self.measures = measures
        self.lines = lines
        self.panels = panels
        self.mostLines = mostLines
        self.mostPanels = mostPanels
        let drawn = [x, lines, panels].compactMap { $0 }
        positions = [:]
        for axis in Axis.drawn {
            impossible[axis] =
                variety.positions(of: axis).count
                - variety.positions(of: axis, drawing: drawn, measures).count
            positions[axis] =
                drawn.contains(axis)
                ? variety.positions(of: axis, drawing: drawn, measures)
                : [variety.fixedPosition(of: axis, drawing: drawn, measures)]
        }
    }

    /// The axes that the figure doesn't draw.
    var fixed: [Axis] {
        let varied = variants.first.map { Set($0.positions.keys) } ?? []
        let sought = Set(measures.compactMap(\.sought))
        return Axis.drawn.filter {
            $0 != x && $0 != lines && $0 != panels && !varied.contains($0) && !sought.contains($0)
        }
    }
}

/// Which scales of a figure are logarithmic by its user's choice.
public struct Logarithms: Hashable, Sendable {
    public var x: Bool
    /// That of what is measured: the curves' height, a map's colour.
    public var y: Bool

    public init(x: Bool, y: Bool) {
        self.x = x
        self.y = y
    }
}

extension Sketch {
    /// The measures whose values it needs.
    package var needed: [Measure] { measures + (reference.map { [$0] } ?? []) }

    /// What its curves are compared with: students' errors with the teacher's.
    var reference: Measure? {
        kind == .curves && relative == nil && measures == [.metric(.studentError)]
            ? .metric(.teacherError) : nil
    }

    /// The number of the grid point that a point is compared with; nil if the sketch compares none.
    package func compared(_ point: Int, in grid: Grid) -> Int? {
        relative.map { grid.point(point, with: $0.position, on: $0.axis) }
    }

    /// The numbers of the grid points that it may draw.
    package func points(of grid: Grid) -> Set<Int> {
        var numbers = [0]
        for axis in Axis.drawn {
            let count = grid[axis].count
            numbers = numbers.flatMap { number in positions[axis]!.map { number * count + $0 } }
        }
        return Set(numbers)
    }

    /// The grid point with these positions on these axes; the others are at their fixed positions.
    func point(of grid: Grid, _ chosen: [Axis: Int]) -> Int {
        Axis.drawn.reduce(0) { number, axis in
            number * grid[axis].count + (chosen[axis] ?? positions[axis]![0])
        }
    }

    /// The grid points with these positions on these axes, and any on the others that it draws: their numbers
    /// and positions.
    func points(of grid: Grid, at chosen: [Axis: Int]) -> [(number: Int, positions: [Axis: Int])] {
        var choices =
            variants.isEmpty
            ? [chosen] : variants.map { chosen.merging($0.positions) { $1 } }
        for axis in [x, lines, panels].compactMap({ $0 }) where chosen[axis] == nil {
            choices = choices.flatMap { choice in
                positions[axis]!.map { choice.merging([axis: $0]) { $1 } }
            }
        }
        return choices.map { (point(of: grid, $0), $0) }
    }
}
