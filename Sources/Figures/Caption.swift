import Sweep

extension Sketch {
    /// The caption, some sentences: the sweep's name, which axes are fixed where, and what a reader has to know.
    func caption(of sweep: Sweep, series: [[Place]], _ isLogarithmic: Bool) -> String {
        let grid = sweep.grid
        let places = series.joined()
        var sentences = [
            "\(sweep.name): \(fixed.map { equation($0, grid) }.joined(separator: ", ")).",
            sweep.inWords,
            Self.seedsInWords(places.compactMap { $0.estimate?.seeds }, of: grid.seed.count)
                + (kind == .map || grid.seed.count == 1
                    ? "." : "; bands are one standard error to either side."),
        ]
        if x == .width, grid.width.contains(.infinite) {
            sentences.append("Dashed: infinite width.")
        }
        for axis in [lines, panels].compactMap({ $0 }) {
            let (drawn, all) = (positions[axis]!.count, axis.values(of: grid).count)
            if drawn < all {
                sentences.append("Drawn are \(drawn) of \(all) values of \(axis.symbol).")
            }
        }
        let missing = places.count { $0.estimate == nil }
        if missing > 0 {
            sentences.append(
                "\(missing) of \(places.count) points have no value: singular, failed or not computed yet."
            )
        }
        let zeros = places.count { ($0.estimate?.mean ?? 1) <= 0 }
        if isLogarithmic, zeros > 0 {
            sentences.append("\(zeros) points of 0 are not drawn.")
        }
        return sentences.joined(separator: " ")
    }

    /// `Means over 3 to 7 of 8 seeds`
    private static func seedsInWords(_ counts: [Int], of seeds: Int) -> String {
        let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
        if seeds == 1 { return "One seed" }
        if least == seeds { return "Means over \(seeds) seeds" }
        return "Means over \(least == most ? "" : "\(least) to ")\(most) of \(seeds) seeds"
    }

    /// `m = ∞ (of 3 values)`
    private func equation(_ axis: Axis, _ grid: Grid) -> String {
        let count = axis.values(of: grid).count
        let equation =
            "\(axis.symbol) = \(text(of: axis.values(of: grid)[positions[axis]![0]]))"
        return count > 1 ? "\(equation) (of \(count) values)" : equation
    }
}

extension Axis {
    /// `teacher noise η = 0.5`
    func equation(_ position: Int, in grid: Grid) -> String {
        "\(title) = \(text(of: values(of: grid)[position]))"
    }
}

extension Sweep {
    fileprivate var inWords: String {
        let task =
            switch settings.learningTask {
            case .gaussianMixture(let mixture):
                "Gaussian mixture, d = \(mixture.dimension), q = \(mixture.components), "
                    + "s = \(text(of: mixture.spread)), r = \(text(of: mixture.separation))"
                    + (mixture.labels == .sampled ? ", sampled labels" : "")
            case .table(let table): "Table of \(table.features.count) features"
            }
        let isPerfect = grid.teacherNoise.allSatisfy { $0 == 0 }
        return
            ([task, settings.student.activation.rawValue]
            + (isPerfect ? [] : [settings.teacherNoise.words])
            + ["N = \(settings.oracleSamples)", "\(settings.testSamples) test points"])
            .joined(separator: "; ") + "."
    }
}
