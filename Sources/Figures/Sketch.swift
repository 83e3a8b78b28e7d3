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
    var panels: Axis?
    /// Which values of each axis are drawn, as ascending positions in the grid; only one of a fixed axis.
    var positions: [Axis: [Int]]

    /// With more lines they couldn't be told apart; with more panels they couldn't be read.
    static let mostLines = 8
    static let mostPanels = 6

    /// - Parameters:
    ///   - mostLines: the most values of the lines' axis that are drawn; a map draws all.
    ///   - mostPanels: the most values of the panels' axis that are drawn.
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
        positions = [:]
        for axis in Axis.drawn {
            let all = variety.positions(of: axis)
            positions[axis] =
                switch axis {
                case x: all
                case lines: kind == .map ? all : thinned(all, to: mostLines)
                case panels: thinned(all, to: mostPanels)
                default: [variety.usualPosition(of: axis)]
                }
        }
    }

    /// The axes that the figure doesn't draw.
    var fixed: [Axis] {
        Axis.drawn.filter { $0 != x && $0 != lines && $0 != panels }
    }
}

/// At most `count` of the elements, evenly spread from the first to the last.
func thinned<Element>(_ elements: [Element], to count: Int) -> [Element] {
    guard elements.count > count, count > 1 else { return elements }
    return (0..<count).map { elements[$0 * (elements.count - 1) / (count - 1)] }
}

extension Sketch {
    /// The numbers of the grid points that it draws.
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
}
