import Sweep

/// What a user asks to be drawn. What is nil is chosen among the axes that the sweep varies.
public struct Wish: Hashable, Sendable {
    public var x: Axis?
    /// If there are several, each has a curve.
    public var measures: [Measure]
    public var lines: Choice?
    public var panels: Choice?
    /// Which values of an axis to draw; of an axis that isn't drawn, the value at which it is fixed.
    public var at: [Axis: [Double]]
    /// Nil: what suits the values.
    public var logarithms: Logarithms?
    public var name: String?
    /// If not nil, differences are drawn: within the seeds, from students with this value of an axis.
    public var relativeTo: Reference?

    /// A value of an axis.
    public struct Reference: Hashable, Sendable {
        public var axis: Axis
        public var value: Double

        public init(_ axis: Axis, _ value: Double) {
            self.axis = axis
            self.value = value
        }
    }

    public enum Choice: Hashable, Sendable {
        case none
        case axis(Axis)

        var axis: Axis? {
            switch self {
            case .none: nil
            case .axis(let axis): axis
            }
        }
    }

    public init(
        x: Axis? = nil, measures: [Measure] = [], lines: Choice? = nil, panels: Choice? = nil,
        at: [Axis: [Double]] = [:], logarithms: Logarithms? = nil, name: String? = nil,
        relativeTo: Reference? = nil
    ) {
        self.x = x
        self.measures = measures
        self.lines = lines
        self.panels = panels
        self.at = at
        self.logarithms = logarithms
        self.name = name
        self.relativeTo = relativeTo
    }

    /// Why the wish can't be drawn, and what could be.
    public struct Impossible: Error, Hashable, CustomStringConvertible {
        public let description: String
    }

    /// The figures to draw for a sweep: the standard ones if the wish names no axis and no measure. What it
    /// does name is part of a figure's name, so that a figure never takes the place of another one.
    ///
    /// - Throws: `Impossible`.
    public func sketches(of sweep: Sweep) throws -> [Sketch] {
        let sketches = try absolute(of: sweep)
        guard let relative = try relative(in: sweep) else { return sketches }
        return sketches.filter { $0.measures.allSatisfy(\.isOfCells) }.map { sketch in
            var sketch = sketch
            sketch.relative = relative
            let value = relative.axis.value(relative.position, in: sweep.grid)
            sketch.title += ", relative to \(value)"
            return sketch
        }
    }

    /// - Throws: `Impossible`, also if a measure has no value in a single seed.
    private func relative(in sweep: Sweep) throws -> Sketch.Relative? {
        guard let relativeTo else { return nil }
        let (axis, value) = (relativeTo.axis, relativeTo.value)
        if let measure = measures.first(where: { !$0.isOfCells }) {
            throw Impossible(
                description:
                    "--relative-to: \(measure.name) is a statistic of all seeds, so there are no "
                    + "differences of it within seeds; give --y a metric of cells.csv")
        }
        return Sketch.Relative(
            axis: axis, position: try position(of: value, on: axis, "--relative-to", in: sweep))
    }

    private func absolute(of sweep: Sweep) throws -> [Sketch] {
        let variety = Variety(sweep: sweep, kept: try positions(in: sweep))
        guard x == nil, measures.isEmpty, lines == nil, panels == nil else {
            return [try chosen(variety)]
        }
        let standard = StandardSketches(variety: variety).all
        guard !standard.isEmpty else {
            throw Impossible(
                description: "no axis has several values, so there is nothing to draw over; "
                    + "summary.csv has the numbers")
        }
        return standard.map { sketch in
            var sketch = sketch
            sketch.name += suffix
            sketch.logarithms = logarithms
            return sketch
        }
    }

    private func chosen(_ variety: Variety) throws -> Sketch {
        let measures = try measures(of: variety.sweep)
        let several = measures.count > 1
        guard !several || lines == nil || lines == Choice.none else {
            throw Impossible(
                description: "--y names \(measures.count) metrics, which are the lines: "
                    + "leave out --lines")
        }
        try checkSought(measures)
        let x = try horizontal(variety, sought: measures[0].sought)
        let taken = [x, measures[0].sought]
        let lines = several ? nil : try vertical(self.lines, "--lines", besides: taken, variety)
        let panels = try vertical(self.panels, "--panels", besides: taken + [lines], variety)
        var sketch = Sketch(
            variety,
            name: name ?? "\(measures.map(\.name).joined(separator: "-"))-by-\(x.key)\(suffix)",
            title: Sketch.title(of: measures, over: x), x: x, measures: measures, lines: lines,
            panels: panels)
        sketch.logarithms = logarithms
        try checkFixed(of: sketch, variety)
        let standard = Sketch.standard(of: variety.sweep).map(\.name)
        guard !standard.contains(sketch.name) else {
            throw Impossible(
                description:
                    "--name \(sketch.name): a figure that plot draws without options is called "
                    + "so; give another name")
        }
        return sketch
    }

    /// `-lines-width-at-teacher_noise-1-log-y`
    private var suffix: String {
        var parts: [String] = []
        for (option, choice) in [("lines", lines), ("panels", panels)] {
            guard let choice else { continue }
            parts += [option, choice.axis?.key ?? "none"]
        }
        for axis in Axis.drawn {
            guard let values = at[axis] else { continue }
            parts += ["at", axis.key] + values.map { $0 == .infinity ? "inf" : axis.text(of: $0) }
        }
        if let relativeTo {
            let value = relativeTo.value
            parts += [
                "relative-to", relativeTo.axis.key,
                value == .infinity ? "inf" : relativeTo.axis.text(of: value),
            ]
        }
        if let logarithms {
            let scales = [("x", logarithms.x), ("y", logarithms.y)].filter(\.1).map(\.0)
            parts += ["log"] + (scales.isEmpty ? ["none"] : scales)
        }
        return parts.map { "-" + $0 }.joined()
    }

    private func measures(of sweep: Sweep) throws -> [Measure] {
        let there = Measure.all(of: sweep)
        let wanted = measures.isEmpty ? [.metric(.studentError)] : measures
        for measure in wanted where !there.contains(measure) {
            throw Impossible(
                description: "the results have no \(measure.name); --y takes "
                    + there.map(\.name).joined(separator: ", "))
        }
        return wanted
    }

    /// - Throws: `Impossible` if a best value is to be drawn beside other measures, or over its own axis.
    private func checkSought(_ measures: [Measure]) throws {
        guard let measure = measures.first(where: { $0.sought != nil }) else { return }
        guard measures.count == 1 else {
            throw Impossible(description: "--y \(measure.name): draw it alone")
        }
        for (option, axis) in [("--x", x), ("--lines", lines?.axis), ("--panels", panels?.axis)]
        where axis == measure.sought {
            throw Impossible(
                description: "\(option) \(axis!.key): the figure is to show its best value")
        }
    }

    private func horizontal(_ variety: Variety, sought: Axis?) throws -> Axis {
        let varied = variety.varied(
            Axis.drawn(beginning: [
                .sampleSize, .softRatio, .teacherNoise, .width, .steps, .temperature, .ridge,
                .depth,
            ]), without: [lines?.axis, panels?.axis, sought]
        ).filter(\.isNumeric)
        if let x, !x.isNumeric {
            throw Impossible(
                description:
                    "--x \(x.key): its values are no numbers; draw it with --lines \(x.key)")
        }
        if let x, !variety.isVaried(x) {
            throw Impossible(
                description: "--x \(x.key): it has only one value; axes with several are "
                    + (varied.isEmpty ? "none" : varied.map(\.key).joined(separator: ", ")))
        }
        guard let found = x ?? varied.first else {
            throw Impossible(
                description:
                    "there is nothing to draw over: every axis that is left for --x has one value")
        }
        return found
    }

    private func vertical(
        _ choice: Choice?, _ option: String, besides taken: [Axis?], _ variety: Variety
    ) throws -> Axis? {
        let usual = Axis.drawn(beginning: [
            .softRatio, .teacherNoise, .sampleSize, .width, .temperature, .ridge, .depth,
        ])
        switch choice {
        case nil:
            return variety.varied(usual, without: taken + [lines?.axis, panels?.axis]).first
        case Choice.none?: return nil
        case .axis(let axis)?:
            guard !taken.contains(axis) else {
                throw Impossible(
                    description: "\(option) \(axis.key): the figure has that axis already")
            }
            return axis
        }
    }

    /// - Throws: `Impossible` if the user has named several values of an axis that isn't drawn: only one of
    ///   them could be shown.
    private func checkFixed(of sketch: Sketch, _ variety: Variety) throws {
        for axis in sketch.fixed where at[axis] != nil && variety.isVaried(axis) {
            throw Impossible(
                description:
                    "--at \(axis.key): of an axis that is neither x, lines nor panels "
                    + "give one value, or draw it with --lines \(axis.key)")
        }
    }

    /// Which positions of the axes but x a table of x' best values has.
    ///
    /// - Parameter by: if not nil, the only one of these axes that varies: the others are fixed as in a figure of
    ///   the first measure over x.
    /// - Throws: `Impossible`.
    public func positions(in sweep: Sweep, by: Axis?) throws -> [Axis: [Int]] {
        let kept = try positions(in: sweep)
        guard let x, let by else { return kept.filter { $0.key != x } }
        let variety = Variety(sweep: sweep, kept: kept)
        guard variety.isVaried(by) else {
            throw Impossible(description: "--by \(by.key): it has only one value")
        }
        let sketch = Sketch(
            variety, name: "", title: "", x: x, measures: measures, lines: by, panels: nil)
        try checkFixed(of: sketch, variety)
        return sketch.positions.filter { $0.key != x }
    }

    /// The positions that the user wants of some axes, and of others those that go with them.
    private func positions(in sweep: Sweep) throws -> [Axis: [Int]] {
        var kept: [Axis: [Int]] = [:]
        for (axis, wanted) in at {
            kept[axis] = try wanted.map { try position(of: $0, on: axis, "--at", in: sweep) }
        }
        return try goingTogether(kept, in: sweep)
    }

    private func position(
        of value: Double, on axis: Axis, _ option: String, in sweep: Sweep
    ) throws -> Int {
        let values = axis.values(of: sweep.grid)
        guard let position = values.firstIndex(of: value) else {
            throw Impossible(
                description: "\(option) \(axis.key)=\(axis.text(of: value)): the sweep has "
                    + values.map(axis.text).joined(separator: ", "))
        }
        return position
    }

    /// These positions, and those of other axes that go with them.
    ///
    /// - Throws: `Impossible` if a value that the user has named has no cell with the others.
    private func goingTogether(_ kept: [Axis: [Int]], in sweep: Sweep) throws -> [Axis: [Int]] {
        var together = kept
        for (axis, value, reasons) in sweep.grid.narrowed(to: kept).idleValues() {
            guard at[axis] == nil else {
                throw Impossible(
                    description: "--at \(axis.key)=\(value): there is no such cell, as "
                        + reasons.joined(separator: ", and "))
            }
            let values = sweep.grid[axis]
            together[axis] = (together[axis] ?? Array(values.indices)).filter {
                values[$0] != value
            }
        }
        return together
    }
}
