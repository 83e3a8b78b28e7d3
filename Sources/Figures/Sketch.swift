import Sweep

/// What a figure is to show, before its numbers are known: which axes and measures it draws, and where
/// all the other axes stay.
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
    /// A curve for each where there are several; `lines` is nil then.
    package var measures: [Measure]
    var lines: Axis?
    var panels: Axis?
    /// What is drawn of each axis, as ascending positions in the grid; one of those that stay.
    var positions: [Axis: [Int]]

    /// More lines can't be told apart, and more panels can't be read.
    static let mostLines = 8
    static let mostPanels = 6

    /// - Parameters:
    ///   - mostLines: more of the lines' axis aren't drawn, but by a map.
    ///   - mostPanels: as `mostLines`.
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

    /// The axes that stay where they are.
    var fixed: [Axis] {
        Axis.drawn.filter { $0 != x && $0 != lines && $0 != panels }
    }
}

/// So many of them, evenly spread from the first to the last.
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

    /// The grid point with these axes' positions, the others where they stay.
    func point(of grid: Grid, _ chosen: [Axis: Int]) -> Int {
        Axis.drawn.reduce(0) { number, axis in
            number * grid[axis].count + (chosen[axis] ?? positions[axis]![0])
        }
    }
}
