/// A figure's numbers as gnuplot reads them: blocks of lines, separated by two empty lines.
struct GnuplotData {
    /// A block is identified by its panel and its curve, both counted from 0, and what it holds.
    struct Block: Hashable {
        enum Part: Hashable { case points, limit, map, best }
        var panel: Int
        var curve: Int
        var part: Part
    }

    private(set) var text: String
    /// The blocks in order: a block's position is gnuplot's `index`.
    private(set) var blocks: [Block] = []

    /// - Parameter x: a level is drawn over the whole of this range.
    init(_ figure: Figure, x: Scale) {
        text = "# \(figure.title)\n# \(figure.caption)\n"
        for (number, panel) in figure.panels.enumerated() {
            switch panel.content {
            case .curves(let curves):
                for (place, curve) in curves.enumerated() {
                    add(curve, Block(panel: number, curve: place, part: .points), panel, figure, x)
                }
            case .map(let map):
                begin(
                    Block(panel: number, curve: 0, part: .map), panel.title,
                    "\(figure.x.name) \(figure.y.name) column row \(figure.key.name)")
                for (row, values) in map.values.enumerated() {
                    for (column, value) in values.enumerated() where value != nil {
                        text += "\(map.x[column]) \(map.y[row]) \(column) \(row) \(value!)\n"
                    }
                }
                addBest(of: map, Block(panel: number, curve: 0, part: .best), panel.title)
            }
        }
    }

    func index(of block: Block) -> Int? { blocks.firstIndex(of: block) }

    private mutating func add(
        _ curve: Figure.Curve, _ block: Block, _ panel: Figure.Panel, _ figure: Figure, _ x: Scale
    ) {
        let what = [
            panel.title,
            "\(figure.key.title.isEmpty ? "" : figure.key.title + " = ")\(curve.label)",
        ].filter { !$0.isEmpty }.joined(separator: ", ")
        if !curve.points.isEmpty {
            begin(block, what, "\(figure.x.name) mean standard_error is_best")
            for (index, point) in curve.points.enumerated() {
                text += "\(point.x) \(point.y) \(error(point)) \(index == curve.best ? 1 : 0)\n"
            }
        }
        if let limit = curve.limit {
            begin(
                Block(panel: block.panel, curve: block.curve, part: .limit),
                what + ", infinite width", "\(figure.x.name) mean standard_error")
            for end in [x.low, x.high] { text += "\(end) \(limit.y) \(error(limit))\n" }
        }
    }

    /// Adds a block with the place of the least value in each row.
    private mutating func addBest(of map: Figure.Map, _ block: Block, _ title: String) {
        let best = map.values.enumerated().compactMap { row, values -> (Int, Int)? in
            let there = values.indices.filter { values[$0] != nil }
            return there.min { values[$0]! < values[$1]! }.map { ($0, row) }
        }
        begin(block, title + ", the best of each row", "column row")
        for (column, row) in best { text += "\(column) \(row)\n" }
    }

    private mutating func begin(_ block: Block, _ what: String, _ columns: String) {
        text += "\(blocks.isEmpty ? "\n" : "\n\n")# \(what)\n# \(columns)\n"
        blocks.append(block)
    }

    private func error(_ point: Figure.Point) -> String {
        point.error.map(\.description) ?? "NaN"
    }
}
