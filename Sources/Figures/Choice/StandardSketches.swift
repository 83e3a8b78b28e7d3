import Sweep

extension Sketch {
    /// The standard figures for which a sweep has the axes and the metrics: one at least for each axis that
    /// varies.
    public static func standard(of sweep: Sweep) -> [Sketch] {
        StandardSketches(variety: Variety(sweep: sweep, kept: [:])).all
    }
}

struct StandardSketches {
    let variety: Variety

    var all: [Sketch] {
        (overSampleSize + [dataInefficiency, overSoftRatio, bounds] + overOthers + ofTraining + [
            map
        ])
        .compactMap { $0 }
    }

    /// Student error, or what of the sweep comes next to it.
    private var principal: Measure {
        let usual: [Measure] = [
            .metric(.studentError), .metric(.transferRisk), .metric(.corrected),
            .metric(.weightNorm), .metric(.oracleRisk), .dataInefficiency,
        ]
        return usual.first(where: variety.hasMeasure) ?? .metric(variety.sweep.metrics[0])
    }

    private var overSampleSize: [Sketch?] {
        let usual = [Metric.studentError, .transferRisk].map(Measure.metric)
            .filter(variety.hasMeasure)
        return (usual.isEmpty ? [principal] : usual).map { measure in
            curves(
                measure, over: .sampleSize, name: measure.name.replacing("_", with: "-"),
                lines: [.softRatio, .teacherNoise])
        }
    }

    private var dataInefficiency: Sketch? {
        let sizes = variety.positions(of: .sampleSize).filter {
            variety.isTelling(.dataInefficiency, at: variety.sweep.grid.sampleSize[$0])
        }
        guard !sizes.isEmpty else { return nil }
        let usable = Variety(
            sweep: variety.sweep, kept: variety.kept.merging([.sampleSize: sizes]) { $1 })
        return StandardSketches(variety: usable).curves(
            .dataInefficiency, over: .softRatio, name: "data-inefficiency",
            title: "Data inefficiency against soft ratio", lines: [.sampleSize, .teacherNoise],
            mostLines: 5)
    }

    private var overSoftRatio: Sketch? {
        curves(
            principal, over: .softRatio,
            name: principal.goal == nil ? "soft-ratio" : "best-soft-ratio",
            lines: [.teacherNoise, .sampleSize])
    }

    private var bounds: Sketch? {
        let measures = [
            Metric.oracleRisk, .riskBoundTight, .riskBoundRefined, .riskBound,
        ].map(Measure.metric).filter(variety.hasMeasure)
        guard measures.count > 1, variety.isVaried(.sampleSize) else { return nil }
        return Sketch(
            variety, name: "risk-bounds", title: "Risk and its bounds against sample size",
            x: .sampleSize, measures: measures, lines: nil,
            panels: variety.isVaried(.softRatio) ? .softRatio : nil, mostPanels: 3)
    }

    /// A figure for each axis that has none of its own: `width`, `temperature`.
    private var overOthers: [Sketch?] {
        Axis.drawn.filter { $0 != .sampleSize && $0 != .softRatio && $0.isNumeric }.map { axis in
            curves(
                principal, over: axis, name: axis.key.replacing("_", with: "-"),
                lines: [.softRatio, axis == .teacherNoise ? .sampleSize : .teacherNoise],
                // Few lines, since each may have a level beside it.
                mostLines: 5)
        }
    }

    /// How students at finite steps differ from the limit of training, and networks from their linearisation.
    private var ofTraining: [Sketch?] {
        [
            curves(
                .metric(.limitRisk), over: .steps, name: "limit-risk",
                lines: [.softRatio, .teacherNoise], mostLines: 5),
            students,
            curves(
                .metric(.linearisationGap), over: .width, name: "linearisation-gap",
                lines: [.steps, .softRatio]),
        ]
    }

    /// Error against width, a line each for the linearised limit, the linearised student at the last stop and the
    /// network there.
    private var students: Sketch? {
        let grid = variety.sweep.grid
        let steps = variety.positions(of: .steps)
        let models = variety.positions(of: .model)
        guard variety.hasMeasure(principal), variety.isVaried(.width), models.count > 1,
            let stop = steps.last(where: { grid.steps[$0] != .infinite })
        else { return nil }
        var variants: [Sketch.Variant] = []
        for position in models {
            let model = grid.model[position]
            if model == .linearised, let limit = steps.first(where: { grid.steps[$0] == .infinite })
            {
                variants.append(
                    .init(label: "linearised, t = ∞", positions: [.model: position, .steps: limit]))
            }
            variants.append(
                .init(
                    label: "\(model), t = \(grid.steps[stop])",
                    positions: [.model: position, .steps: stop]))
        }
        let panels = variety.varied([.softRatio, .sampleSize, .teacherNoise], without: []).first
        var sketch = Sketch(
            variety, name: "students",
            title: Sketch.title(of: [principal], over: .width) + ", by kind of student", x: .width,
            measures: [principal], lines: nil, panels: panels, mostPanels: 3)
        sketch.variants = variants
        for axis in [Axis.model, .steps] {
            sketch.positions[axis] = Set(variants.map { $0.positions[axis]! }).sorted()
        }
        return sketch
    }

    private var map: Sketch? {
        let measure = Measure.metric(.studentError)
        guard variety.hasMeasure(measure), variety.isVaried(.softRatio),
            variety.isVaried(.teacherNoise)
        else { return nil }
        return Sketch(
            variety, name: "error-map", title: "Student error over soft ratio and teacher noise",
            kind: .map, x: .softRatio, measures: [measure], lines: .teacherNoise,
            panels: variety.isVaried(.sampleSize) ? .sampleSize : nil, mostPanels: 4)
    }

    /// The sketch has lines and panels for these axes if they vary, otherwise for others that do.
    private func curves(
        _ measure: Measure, over x: Axis, name: String, title: String? = nil, lines: [Axis],
        mostLines: Int = Sketch.mostLines
    ) -> Sketch? {
        guard variety.hasMeasure(measure), variety.isVaried(x) else { return nil }
        let others: [Axis] = [.softRatio, .teacherNoise, .temperature, .ridge, .depth, .width]
        let rest = Axis.drawn(beginning: others).filter { $0 != .sampleSize } + [.sampleSize]
        let varied = variety.varied(lines + rest.filter { !lines.contains($0) }, without: [x])
            .filter { variety.positions(of: $0, drawing: [x], [measure]).count > 1 }
        let panels = varied.dropFirst().first
        var sketch = Sketch(
            variety, name: name, title: title ?? Sketch.title(of: [measure], over: x), x: x,
            measures: [measure], lines: varied.first, panels: panels, mostLines: mostLines,
            mostPanels: panels == .sampleSize && !lines.contains(.sampleSize)
                ? 3 : Sketch.mostPanels)
        if sketch.marksBest { sketch.title += ", the best ringed" }
        return sketch
    }
}

extension Sketch {
    /// `Student error against sample size`
    static func title(of measures: [Measure], over x: Axis) -> String {
        let words = measures.map(\.title).joined(separator: ", ") + " against \(x.words)"
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}
