import Figures
import Sweep

extension Store {
    /// The figures, with the numbers that the store has of the sweep as run, complete or not. Figures for
    /// which there is no number yet are left out; all are if no sweep was ever begun.
    ///
    /// - Parameter sketches: either all show differences, or none does.
    /// - Throws: `ResultsError.unusable`. Cost: a pass over the rows (1 us each); memory for the drawn grid
    ///   points only.
    public func figures(_ sketches: [Sketch]) throws -> [Figure] {
        guard let sweep else { return [] }
        // Only the measures that are drawn at a point are computed: a jackknife costs far more than a mean.
        var wanted: [Int: Set<Measure>] = [:]
        for sketch in sketches {
            for point in sketch.points(of: sweep.grid) {
                wanted[point, default: []].formUnion(sketch.needed)
            }
        }
        let seeds = sweep.grid.seed.count
        var values: Estimates = [:]
        var differences = Differences(sketches, wanted, in: sweep.grid)
        var marks = BestMarks(of: sketches, in: sweep, at: Set(wanted.keys))
        try forEachPoint(alongside: { marks.add($0) }) { point, summary in
            if differences != nil {
                differences!.add(summary, at: point)
                return
            }
            guard let measures = wanted[point] else { return }
            let n = sweep.grid[point * seeds].sampleSize
            for measure in measures {
                values[point, default: [:]][measure] = measure.estimate(in: summary, sampleSize: n)
            }
        }
        return Sketch.figures(
            sketches, of: sweep, with: differences?.estimates ?? values, marks.end())
    }
}

/// Differences of metrics within the seeds, between grid points that are drawn and those that they are compared with.
private struct Differences {
    /// The point that each drawn one is compared with, and the metrics that are wanted of both.
    private var compared: [Int: Int] = [:]
    private var wanted: [Int: Set<Metric>] = [:]
    /// By point and metric, the values by seed.
    private var samples: [Int: [Metric: [Int: Double]]] = [:]

    /// Nil if the sketches compare nothing.
    init?(_ sketches: [Sketch], _ measures: [Int: Set<Measure>], in grid: Grid) {
        guard let sketch = sketches.first, sketch.relative != nil else { return nil }
        precondition(
            sketches.allSatisfy { $0.relative == sketch.relative },
            "all figures compare with the same students")
        for (point, measures) in measures {
            let metrics = Set(
                measures.compactMap { measure in
                    if case .metric(let metric) = measure { metric } else { nil }
                })
            compared[point] = sketch.compared(point, in: grid)
            for point in [point, compared[point]!] { wanted[point, default: []].formUnion(metrics) }
        }
    }

    mutating func add(_ summary: Summary, at point: Int) {
        for metric in wanted[point] ?? [] {
            samples[point, default: [:]][metric] = summary.samples(of: metric)
        }
    }

    /// Of the seeds in which both points have the metric.
    var estimates: Estimates {
        var estimates: Estimates = [:]
        for (point, other) in compared {
            for (metric, values) in samples[point] ?? [:] {
                guard let others = samples[other]?[metric] else { continue }
                let differences = values.keys.sorted().compactMap { seed in
                    others[seed].map { values[seed]! - $0 }
                }
                guard !differences.isEmpty else { continue }
                estimates[point, default: [:]][.metric(metric)] = Estimate(exactly: differences)
            }
        }
        return estimates
    }
}

/// The best values that figures mark.
private struct BestMarks {
    private let strides: [Int]
    private let seeds: Int
    /// The grid points that are drawn.
    private let wanted: Set<Int>
    private var gatherers: [Sketch.BestChoice: BestGatherer]
    private var points: BestPoints = [:]

    init(of sketches: [Sketch], in sweep: Sweep, at wanted: Set<Int>) {
        strides = sweep.grid.numbering.strides
        seeds = sweep.grid.seed.count
        self.wanted = wanted
        gatherers = Dictionary(
            sketches.compactMap(\.bestChoice).map { choice in
                let gatherer = BestGatherer(
                    choice.question, at: choice.positions, of: sweep, processors: 1)
                return (choice, gatherer)
            }, uniquingKeysWith: { first, _ in first })
    }

    mutating func add(_ slab: Slab) {
        for choice in gatherers.keys { note(gatherers[choice]!.add(slab), choice) }
    }

    mutating func end() -> BestPoints {
        for choice in gatherers.keys { note(gatherers[choice]!.end(), choice) }
        return points
    }

    private mutating func note(_ found: [BestPoint], _ choice: Sketch.BestChoice) {
        let stride = strides[choice.question.axis.rawValue]
        for point in found where wanted.contains(point.cell / seeds) {
            let first = point.cell - point.positions[0] * stride
            points[choice, default: [:]][first / seeds] = point
        }
    }
}

extension Measure {
    fileprivate func estimate(in summary: Summary, sampleSize n: Int) -> Estimate? {
        switch self {
        case .metric(let metric): summary.estimate(of: metric)
        case .dataInefficiency: summary.inefficiency(at: n)
        case .discreteDataInefficiency: summary.discreteInefficiency(at: n)
        }
    }
}
