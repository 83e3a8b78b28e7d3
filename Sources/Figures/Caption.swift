import Sweep

extension Drawing {
    /// The caption, some sentences: the sweep's name, which axes are fixed where, and what a reader has to know.
    func caption(_ horizontal: AxisScale, _ scale: MeasuredScale) -> String {
        let equations = sketch.fixed.filter(isWorthSaying).map { equation($0) }
            .joined(separator: ", ")
        return
            ([
                "\(sweep.name): \(equations).", sweep.inWords,
                seedsInWords
                    + (isMap || places.allSatisfy { $0.seeds == 1 } ? "." : "; bands \(bands)."),
            ] + difference + marks(horizontal) + thinnings + [idleness, gaps].compactMap { $0 }
            + zeros(on: scale)).joined(separator: " ")
    }

    /// `Means over 3 to 7 of 8 seeds`
    private var seedsInWords: String {
        let all = range(places.filter { $0.exists || $0.estimate != nil }.map(\.seeds))
        if all == "1" { return "One seed" }
        let what = sketch.measures[0].sought == nil ? "Means" : "Best values"
        guard places.contains(where: \.isPartial) else { return "\(what) over \(all) seeds" }
        return "\(what) over \(range(places.compactMap { $0.estimate?.seeds })) of \(all) seeds"
    }

    /// `3 to 7`
    private func range(_ counts: [Int]) -> String {
        let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
        return least == most ? "\(least)" : "\(least) to \(most)"
    }

    private var bands: String {
        sketch.measures[0].sought == nil
            ? "are one standard error to either side"
            : "reach over what can't be told from the best within the seeds"
    }

    private var difference: [String] {
        guard let relative = sketch.relative else { return [] }
        let value = relative.axis.value(relative.position, in: sweep.grid)
        return ["Differences within the seeds from students at \(value)."]
    }

    /// What the marks and the kinds of line mean.
    private func marks(_ horizontal: AxisScale) -> [String] {
        var sentences: [String] = []
        if places.contains(where: \.isPartial) {
            let what = sketch.measures[0].sought == nil ? "means" : "best values"
            let all = Set(places.map(\.seeds))
            let fewer =
                all.count == 1
                ? "over fewer than \(all.first!) seeds" : "in which seeds are missing"
            sentences.append("\(isMap ? "Squares" : "Hollow marks"): \(what) \(fewer).")
        }
        if isMap { sentences.append("Dots: the best of each row.") }
        if hasPlausible, !isMap {
            sentences.append(
                "Bars through rings: what can't be told from the best within the seeds.")
        }
        if let limit = horizontal.limit {
            sentences.append(
                "Dashed: \(inWords(limit))"
                    + (sketch.marksBest ? ", the best where nothing is ringed." : "."))
        }
        if let first = references.joined().first {
            sentences.append("\(first.isLone ? "Cross" : "Dotted"): the teacher's error.")
        }
        return sentences
    }

    private func inWords(_ limit: Double) -> String {
        if limit != .infinity { return "\(sketch.x.words) 0" }
        return sketch.x == .steps ? "the limit of training" : "infinite \(sketch.x.words)"
    }

    private var thinnings: [String] {
        [isMap ? nil : sketch.lines, sketch.panels].compactMap { axis in
            guard let axis else { return nil }
            let drawn = sketch.positions[axis]!.count
            let all = axis.values(of: sweep.grid).count - sketch.impossible[axis]!
            return drawn < all ? "Drawn are \(drawn) of \(all) values of \(axis.short)." : nil
        }
    }

    /// `T has no effect where ρ is 0 or 1.`
    private var idleness: String? {
        let found = sketch.positions.flatMap { axis, positions in
            positions.map { (axis, axis.values(of: sweep.grid)[$0]) }
                .filter {
                    sketch.x.isIdle(
                        at: $0.1, of: $0.0, inLimit: sketch.hasOnlyLimits(of: sweep.grid))
                }
        }
        guard let axis = found.first?.0 else { return nil }
        let values = found.map { axis.text(of: $0.1) }.joined(separator: " or ")
        return "\(sketch.x.symbol) has no effect where \(axis.symbol) is \(values)."
    }

    private var gaps: String? {
        let existing = places.filter(\.exists)
        let missing = existing.count { $0.estimate == nil }
        return missing == 0
            ? nil
            : "\(missing) of \(existing.count) points have no value: singular, diverged, failed or not computed "
                + "yet."
    }

    private func zeros(on scale: MeasuredScale) -> [String] {
        let zeros = places.count { ($0.estimate?.mean ?? 1) <= 0 }
        return scale.isLogarithmic && zeros > 0 ? ["\(zeros) points of 0 are not drawn."] : []
    }

    /// Whether the caption says where an axis is fixed: students of the kind that a sweep has if it doesn't ask
    /// for others need no words.
    private func isWorthSaying(_ axis: Axis) -> Bool {
        ![.model, .steps].contains(axis) || sweep.grid[axis].all != [axis.absent]
    }

    /// `m = ∞ (of 3 values)`
    private func equation(_ axis: Axis) -> String {
        let values = axis.values(of: sweep.grid)
        let equation = "\(axis.short) = \(axis.text(of: values[sketch.positions[axis]![0]]))"
        return values.count > 1 ? "\(equation) (of \(values.count) values)" : equation
    }
}

extension Axis {
    /// `η = 0.5`
    func value(_ position: Int, in grid: Grid) -> String {
        "\(short) = \(text(of: values(of: grid)[position]))"
    }

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
            + (settings.temperatureScaling == .squared ? ["soft term times T²"] : [])
            + ["N = \(settings.oracleSamples)", "\(settings.testSamples) test points"])
            .joined(separator: "; ") + "."
    }
}
