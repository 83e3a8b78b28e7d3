/// A figure's numbers as gnuplot reads them: blocks of lines, separated by two empty lines. Each has a name, so
/// that a script that its user has changed finds the right numbers after the sweep has grown.
struct GnuplotData {
    /// A block is identified by its panel and its curve, both counted from 0, and what it holds.
    struct Block: Hashable {
        enum Part: Hashable { case points, limit, reference, map, partial, best, plausible }
        var panel: Int
        var curve: Int
        var part: Part
    }

    private(set) var text: String
    private var names: [Block: String] = [:]

    /// - Parameter x: a level is drawn over the whole of this range.
    init(_ figure: Figure, x: Scale) {
        text = "# \(figure.title)\n# \(figure.caption)\n"
        for (number, panel) in figure.panels.enumerated() {
            for (place, reference) in panel.references.enumerated() {
                let curve = reference.curve.map { "\(figure.key.title) = \(panel.labels[$0])" }
                begin(
                    Block(panel: number, curve: place, part: .reference),
                    [panel.title, curve ?? "", reference.label],
                    "\(figure.x.name) \(reference.label)")
                switch reference.course {
                case .level(let y): for end in [x.low, x.high] { text += "\(end) \(y)\n" }
                case .points(let points): for point in points { text += "\(point.x) \(point.y)\n" }
                }
            }
            switch panel.content {
            case .curves(let curves):
                for (place, curve) in curves.enumerated() {
                    add(curve, Block(panel: number, curve: place, part: .points), panel, figure, x)
                }
            case .map(let map): add(map, number, panel, figure)
            }
        }
    }

    /// What a script calls a block; nil if there is none. Names end with a colon, since gnuplot takes the first
    /// block whose name begins with what it is given.
    func name(of block: Block) -> String? { names[block] }

    private mutating func add(
        _ curve: Figure.Curve, _ block: Block, _ panel: Figure.Panel, _ figure: Figure, _ x: Scale
    ) {
        let what = [
            panel.title,
            "\(figure.key.title.isEmpty ? "" : figure.key.title + " = ")\(curve.label)",
        ]
        if !curve.points.isEmpty {
            let more = curve.hasRanges ? " from to" : ""
            begin(block, what, "\(figure.x.name) mean standard_error is_best is_partial" + more)
            for (index, point) in curve.points.enumerated() {
                let range = curve.hasRanges ? " \(ends(of: point))" : ""
                text +=
                    "\(point.x) \(point.y) \(error(point)) \(index == curve.best ? 1 : 0) "
                    + "\(point.isPartial ? 1 : 0)\(range)\n"
            }
        }
        if let best = curve.best, let plausible = curve.plausible {
            begin(
                Block(panel: block.panel, curve: block.curve, part: .plausible),
                what + ["can't be told from the best"], "\(figure.x.name) mean from to")
            let point = curve.points[best]
            text += "\(point.x) \(point.y) \(plausible.low) \(plausible.high)\n"
        }
        if let limit = curve.limit {
            begin(
                Block(panel: block.panel, curve: block.curve, part: .limit),
                what + [figure.x.limit ?? "limit"], "\(figure.x.name) mean standard_error")
            for end in [x.low, x.high] { text += "\(end) \(limit.y) \(error(limit))\n" }
        }
    }

    /// Adds the cells, each with the ends of its box; those in whose means seeds are missing; and the best one of
    /// each row.
    private mutating func add(
        _ map: Figure.Map, _ number: Int, _ panel: Figure.Panel, _ figure: Figure
    ) {
        let (x, y) = (figure.x, figure.y)
        let columns = Scale.edges(of: map.x, isLogarithmic: x.isLogarithmic)
        let rows = Scale.edges(of: map.y, isLogarithmic: y.isLogarithmic)
        begin(
            Block(panel: number, curve: 0, part: .map), [panel.title, "cells"],
            "\(x.name) \(y.name) left right bottom top \(figure.key.name)")
        for (row, values) in map.values.enumerated() {
            for (column, value) in values.enumerated() {
                guard let value, value > 0 || !figure.key.isLogarithmic else { continue }
                let ends = [columns[column], columns[column + 1], rows[row], rows[row + 1]]
                text +=
                    "\(map.x[column]) \(map.y[row]) "
                    + "\(ends.map(\.description).joined(separator: " ")) \(value)\n"
            }
        }
        if !map.partial.isEmpty {
            begin(
                Block(panel: number, curve: 0, part: .partial),
                [panel.title, "means over fewer seeds"], "\(x.name) \(y.name)")
            for cell in map.partial { text += "\(map.x[cell[0]]) \(map.y[cell[1]])\n" }
        }
        let best = map.values.enumerated().compactMap { row, values -> (Int, Int)? in
            let there = values.indices.filter { values[$0] != nil }
            return there.min { values[$0]! < values[$1]! }.map { ($0, row) }
        }
        guard !best.isEmpty else { return }
        begin(
            Block(panel: number, curve: 0, part: .best), [panel.title, "the best of each row"],
            "\(x.name) \(y.name)")
        for (column, row) in best { text += "\(map.x[column]) \(map.y[row])\n" }
    }

    private mutating func begin(_ block: Block, _ what: [String], _ columns: String) {
        let name = what.filter { !$0.isEmpty }.joined(separator: ", ") + ":"
        text += "\(names.isEmpty ? "\n" : "\n\n")# \(name)\n# \(columns)\n"
        names[block] = name
    }

    private func error(_ point: Figure.Point) -> String {
        point.error.map(\.description) ?? "NaN"
    }

    private func ends(of point: Figure.Point) -> String {
        point.range.map { "\($0.low) \($0.high)" } ?? "NaN NaN"
    }
}

extension Figure.Curve {
    /// Whether it is of best values.
    var hasRanges: Bool { points.contains { $0.range != nil } }
}

extension Figure.Panel {
    /// The labels of its curves.
    var labels: [String] {
        switch content {
        case .curves(let curves): curves.map(\.label)
        case .map: []
        }
    }
}
