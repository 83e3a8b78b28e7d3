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
        var marks = BestMarks(of: sketches, in: sweep)
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
        let bests = marks.end()
        for (point, measures) in wanted {
            for measure in measures {
                guard let axis = measure.sought else { continue }
                values[point, default: [:]][measure] = bests.estimate(
                    of: axis, at: point, in: sweep.grid)
            }
        }
        return Sketch.figures(
            sketches, of: sweep, with: differences?.estimates ?? values, bests)
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

/// The best values that figures mark or show.
private struct BestMarks {
    private let grid: Grid
    /// The bases of the grid points that are drawn.
    private var wanted: [Sketch.BestChoice: Set<Int>] = [:]
    private var gatherers: [Sketch.BestChoice: BestGatherer] = [:]
    private var points: BestPoints = [:]

    init(of sketches: [Sketch], in sweep: Sweep) {
        grid = sweep.grid
        for sketch in sketches {
            for choice in sketch.bestChoices {
                let bases = sketch.points(of: grid).map { choice.base(of: $0, in: sweep.grid) }
                wanted[choice, default: []].formUnion(bases)
                gatherers[choice] = BestGatherer(
                    choice.question, at: choice.positions, of: sweep, processors: 1)
            }
        }
    }

    mutating func add(_ slab: Slab) {
        for choice in gatherers.keys { note(gatherers[choice]!.add(slab), choice) }
    }

    mutating func end() -> BestPoints {
        for choice in gatherers.keys { note(gatherers[choice]!.end(), choice) }
        return points
    }

    private mutating func note(_ found: [BestPoint], _ choice: Sketch.BestChoice) {
        for point in found {
            let base = choice.base(of: point.cell / grid.seed.count, in: grid)
            if wanted[choice]!.contains(base) { points[choice, default: [:]][base] = point }
        }
    }
}

extension BestPoints {
    /// The best value of an axis at a grid point; nil as long as no seed has all values.
    fileprivate func estimate(of axis: Axis, at point: Int, in grid: Grid) -> Estimate? {
        let choice = Sketch.BestChoice(seeking: axis)
        guard let found = self[choice]?[choice.base(of: point, in: grid)],
            let value = found.best.value
        else { return nil }
        func number(_ value: Int) -> Double { grid[axis][found.positions[value]].number }
        return Estimate(
            mean: number(value), error: .nan, seeds: found.best.seeds,
            range: found.best.plausible.map { number($0.lowerBound)...number($0.upperBound) })
    }
}

extension Measure {
    fileprivate func estimate(in summary: Summary, sampleSize n: Int) -> Estimate? {
        switch self {
        case .metric(let metric): summary.estimate(of: metric)
        case .dataInefficiency: summary.inefficiency(at: n)
        case .discreteDataInefficiency: summary.discreteInefficiency(at: n)
        // It takes several grid points.
        case .best: nil
        }
    }
}
