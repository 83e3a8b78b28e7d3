import Figures
import Sweep

extension Store {
    /// The figures, with the numbers that the store has of the sweep as run, complete or not. Figures for
    /// which there is no number yet are left out; all are if no sweep was ever begun.
    ///
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
        try forEachPoint { point, summary in
            guard let measures = wanted[point] else { return }
            let n = sweep.grid[point * seeds].sampleSize
            for measure in measures {
                values[point, default: [:]][measure] = measure.estimate(in: summary, sampleSize: n)
            }
        }
        return Sketch.figures(sketches, of: sweep, with: values)
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
