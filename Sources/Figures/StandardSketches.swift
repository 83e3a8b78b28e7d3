import Sweep

extension Sketch {
    /// The standard figures for which a sweep has the axes and the metrics.
    public static func standard(of sweep: Sweep) -> [Sketch] {
        StandardSketches(variety: Variety(sweep: sweep, kept: [:])).all
    }
}

struct StandardSketches {
    let variety: Variety

    var all: [Sketch] {
        [
            against(.sampleSize, .studentError, "student-error", "Student error"),
            against(.sampleSize, .transferRisk, "transfer-risk", "Transfer risk"),
            dataInefficiency, bestSoftRatio, bounds, widths, map,
        ].compactMap { $0 }
    }

    private func against(
        _ x: Axis, _ metric: Metric, _ name: String, _ title: String,
        mostLines: Int = Sketch.mostLines
    ) -> Sketch? {
        curves(
            .metric(metric), over: x, name: name, title: "\(title) against \(x.words)",
            lines: .softRatio, panels: .teacherNoise, mostLines: mostLines)
    }

    private var dataInefficiency: Sketch? {
        // Only sizes for which data inefficiency is defined: it is taken over a window around n, which is empty
        // below 6 samples and may end beyond N.
        let sizes = variety.positions(of: .sampleSize).filter {
            let window = NormWindow(around: variety.sweep.grid.sampleSize[$0])
            return window.lower < window.upper
                && window.upper <= variety.sweep.settings.oracleSamples
        }
        guard !sizes.isEmpty else { return nil }
        let usable = Variety(
            sweep: variety.sweep, kept: variety.kept.merging([.sampleSize: sizes]) { $1 })
        return StandardSketches(variety: usable).curves(
            .dataInefficiency, over: .softRatio, name: "data-inefficiency",
            title: "Data inefficiency against soft ratio", lines: .sampleSize,
            panels: .teacherNoise, mostLines: 5)
    }

    private var bestSoftRatio: Sketch? {
        curves(
            .metric(.studentError), over: .softRatio, name: "best-soft-ratio",
            title: "Student error against soft ratio, the best ringed", lines: .teacherNoise,
            panels: .sampleSize)
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

    /// Few lines, since each has a level for infinite width beside it.
    private var widths: Sketch? {
        against(.width, .studentError, "width", "Student error", mostLines: 4)
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
        _ measure: Measure, over x: Axis, name: String, title: String, lines: Axis,
        panels: Axis, mostLines: Int = Sketch.mostLines
    ) -> Sketch? {
        guard variety.hasMeasure(measure), variety.isVaried(x) else { return nil }
        let others = Axis.drawn(beginning: [
            .softRatio, .teacherNoise, .temperature, .ridge, .depth, .width,
        ]).filter { $0 != .sampleSize }
        let preferred = [lines, panels]
        let varied = variety.varied(
            preferred + others.filter { !preferred.contains($0) }, without: [x])
        return Sketch(
            variety, name: name, title: title, x: x, measures: [measure], lines: varied.first,
            panels: varied.dropFirst().first, mostLines: mostLines)
    }
}
