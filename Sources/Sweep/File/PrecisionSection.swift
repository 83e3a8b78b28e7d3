/// Seeds by precision, as `grid.seed` has them:
/// `{from: 0, at_least: 8, at_most: 256, precision: {student_error: 0.001}}`.
struct PrecisionSection {
    /// The seeds that there may be.
    let seeds: [Int]
    let precision: Precision
    /// The entry of each target.
    private let entries: [Entry]

    private static let defaultFrom = 0
    private static let defaultAtLeast = 8
    private static let defaultAtMost = 256

    /// Whether an entry is meant so, and not as a value, a list or a range.
    static func isMeant(by entry: Entry) -> Bool {
        SweepKeys.precision.dropFirst().contains { entry.member($0) != nil }
    }

    /// Nil, and faults, if the entry is wrong.
    init?(_ entry: Entry) {
        let range = SweepKeys.range.dropFirst().map {
            ($0, (problem: "seeds by precision have no \($0)", remedy: "remove it, or `precision`"))
        }
        guard
            let section = Section(
                entry, keys: SweepKeys.precision,
                misplaced: Dictionary(uniqueKeysWithValues: range))
        else { return nil }
        let from = section["from"].map { $0.integer(in: .seed) } ?? Self.defaultFrom
        let atLeast =
            section["at_least"].map { $0.integer(in: .fewestSeeds) } ?? Self.defaultAtLeast
        let atMost = section["at_most"].map { $0.integer(in: .count) } ?? Self.defaultAtMost
        let found = section.required("precision", Self.wanted).flatMap(Self.targets)
        guard let from, let atLeast, let atMost, let found else { return nil }
        guard atLeast <= atMost else {
            (section["at_most"] ?? section["at_least"])?.refuse(
                "at_most (\(atMost)) is below at_least (\(atLeast))",
                "give at_most: \(atLeast) or more, or a smaller at_least")
            return nil
        }
        guard from <= Int.max - atMost + 1 else {
            entry.refuse("the last seed is out of range", "give a smaller from or at_most")
            return nil
        }
        guard !range.contains(where: { section[$0.0] != nil }) else { return nil }
        seeds = Array(from..<(from + atMost))
        precision = Precision(atLeast: atLeast, targets: found.map(\.target))
        entries = found.map(\.entry)
    }

    private static let wanted =
        "a mapping of metrics to the largest standard errors of their means, as {student_error: 0.001}"

    private typealias Found = (target: Precision.Target, entry: Entry)

    private static func targets(of entry: Entry) -> [Found]? {
        guard case .mapping(let pairs) = entry.content, !pairs.isEmpty else {
            var problem = entry.content.problem
            if case .mapping = entry.content { problem = "it names no metric" }
            entry.refuse(problem, "give \(wanted)")
            return nil
        }
        guard let section = Section(entry, keys: Metric.allCases.map(\.rawValue)) else {
            return nil
        }
        let found = Metric.allCases.compactMap { metric -> Found? in
            guard let entry = section[metric.rawValue], let error = entry.real(in: .positive) else {
                return nil
            }
            return (Precision.Target(metric: metric, error: error), entry)
        }
        // Every key that isn't among them is a fault by now.
        return found.count == pairs.count ? found : nil
    }

    /// Adds a fault for each target whose metric isn't chosen, or that no student of the grid has.
    ///
    /// - Returns: whether there is none.
    func check(against metrics: [Metric], _ grid: Grid) -> Bool {
        var isRight = true
        for (target, entry) in zip(precision.targets, entries) {
            let name = target.metric.rawValue
            if !metrics.contains(target.metric) {
                entry.refuse(
                    "\(name) isn't among the sweep's metrics",
                    "add it to metrics, or remove it here")
                isRight = false
            } else if !grid.hasStudent(with: target.metric) {
                entry.refuse(
                    "no student of this sweep has \(name), so its standard error is never known",
                    "give a metric that its students have")
                isRight = false
            }
        }
        return isRight
    }
}

extension Grid {
    /// Whether a student of it can have a metric.
    fileprivate func hasStudent(with metric: Metric) -> Bool {
        model.contains { model in steps.contains { metric.applies(to: model, $0) } }
    }
}

extension Precision {
    /// As the value of `grid.seed`.
    func yaml(of seeds: [Int]) -> String {
        let targets = targets.map { "\($0.metric.rawValue): \($0.error)" }
        return "{from: \(seeds[0]), at_least: \(atLeast), at_most: \(seeds.count), "
            + "precision: {\(targets.joined(separator: ", "))}}"
    }
}
