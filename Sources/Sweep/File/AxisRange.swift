import Foundation

/// `count` values from `from` to `to`, evenly spaced in value or in logarithm.
struct AxisRange {
    enum Scale: String, CaseIterable {
        case linear, log
    }

    let from: Double
    let to: Double
    let count: Int
    let scale: Scale

    /// linear: from + (i (to - from)) / (count - 1)
    /// log:    from (to / from)^(i / (count - 1))
    ///
    /// The operations must keep this order, since cells are found by their values: so 0 to 1 in 11 values has
    /// 0.3 in it, which `3 * 0.1` is not. The last value is exactly `to`, which the formulas miss by rounding.
    func value(_ i: Int) -> Double {
        if i == 0 { return from }
        if i == count - 1 { return to }
        let i = Double(i)
        let steps = Double(count - 1)
        return switch scale {
        case .linear: from + (i * (to - from)) / steps
        case .log: from * pow(to / from, i / steps)
        }
    }

    var values: [Double] { (0..<count).map(value) }

    /// Rounded half to even, repeats dropped; for bounds up to 2^53.
    var integers: [Int] {
        var integers: [Int] = []
        for value in values.map({ Int($0.rounded(.toNearestOrEven)) })
        where value != integers.last {
            integers.append(value)
        }
        return integers
    }
}

extension Entry {
    /// A range of reals; nil, and a fault, if its values aren't finite and distinct.
    func realRange(in bounds: RealBounds) -> [Double]? {
        guard let section = Section(self, keys: SweepKeys.range) else { return nil }
        let from = section.required("from", bounds.wanted)?.real(in: bounds)
        let to = section.required("to", bounds.wanted)?.real(in: bounds)
        guard let range = range(section, from: from, to: to) else { return nil }
        let values = range.values
        guard values.allSatisfy(\.isFinite) else {
            refuse("from and to are too far apart for a double", "give a narrower range or a list")
            return nil
        }
        guard Set(values).count == range.count else {
            refuse(
                "from \(range.from) to \(range.to) has no \(range.count) different values",
                "give one value, a smaller count or a wider range")
            return nil
        }
        return values
    }

    /// A range of integers; nil, and a fault, if a double can't hold them.
    func integerRange(in bounds: IntegerBounds) -> [Int]? {
        guard let section = Section(self, keys: SweepKeys.range) else { return nil }
        let from = section.required("from", bounds.wanted)?.integer(in: bounds)
        let to = section.required("to", bounds.wanted)?.integer(in: bounds)
        return integers(section, from: from, to: to)
    }

    /// A range of seeds: one that has no `to` has `count` consecutive ones from `from` on, or from 0.
    var seedRange: [Int]? {
        guard let section = Section(self, keys: SweepKeys.range) else { return nil }
        let bounds = IntegerBounds.seed
        let from = section["from"].map { $0.integer(in: bounds) } ?? 0
        if let to = section["to"] {
            return integers(section, from: from, to: to.integer(in: bounds))
        }
        for key in ["step", "scale"] {
            section[key]?.refuse("a range of seeds without `to` has none", "give to, or only count")
        }
        let count = section.required("count", IntegerBounds.count.wanted)?.integer(in: .count)
        guard let from, let count, section["step"] == nil, section["scale"] == nil else {
            return nil
        }
        guard from <= Int.max - count + 1 else {
            refuse("the last seed is out of range", "give a smaller from or count")
            return nil
        }
        return Array(from..<(from + count))
    }

    private func integers(_ section: Section, from: Int?, to: Int?) -> [Int]? {
        if let from, let to, max(from, to) > 1 << 53 {
            refuse("a range can't be computed exactly beyond 2^53", "give a list")
            return nil
        }
        return range(section, from: from.map(Double.init), to: to.map(Double.init))?.integers
    }

    /// The range of the section's `count` or `step`, and `scale`.
    private func range(_ section: Section, from: Double?, to: Double?) -> AxisRange? {
        let scale = section["scale"].map { $0.choice(of: AxisRange.Scale.self) } ?? .linear
        if let step = section["step"], section["count"] != nil {
            step.refuse("a range has a count or a step, not both", "remove one of them")
            return nil
        }
        if let step = section["step"] {
            guard let count = count(step, section, from: from, to: to, scale: scale), let from,
                let to
            else { return nil }
            return AxisRange(from: from, to: to, count: count, scale: .linear)
        }
        let wanted = "\(IntegerBounds.count.wanted), or a step"
        let count = section.required("count", wanted)?.integer(in: .count)
        guard let count, let scale, let from, let to else { return nil }
        if scale == .log, min(from, to) <= 0 {
            section[from <= 0 ? "from" : "to"]?.refuse(
                "a range with scale: log can't reach 0",
                "give a number > 0, scale: linear, or a list that begins with 0")
            return nil
        }
        return AxisRange(from: from, to: to, count: count, scale: scale)
    }

    /// How many values a step makes; nil, and a fault, if the last one isn't `to`, to within 1e-9 of a step.
    private func count(
        _ entry: Entry, _ section: Section, from: Double?, to: Double?, scale: AxisRange.Scale?
    ) -> Int? {
        let anyStep = RealBounds(wanted: "a number other than 0") { $0 != 0 }
        let step = entry.real(in: anyStep)
        if scale == .log {
            entry.refuse("a step is linear", "give count instead, or remove scale: log")
            return nil
        }
        guard let step, scale != nil, let from, let to else { return nil }
        let steps = (to - from) / step
        let whole = steps.rounded()
        guard abs(steps - whole) <= 1e-9 else {
            entry.refuse(
                "steps of \(step) from \(from) don't reach \(to)",
                "give a step that divides \(to - from), or count")
            return nil
        }
        guard whole >= 0 else {
            entry.refuse("this step leads away from to", "give \(-step)")
            return nil
        }
        guard whole < Double(IntegerBounds.count.range.upperBound) else {
            entry.refuse(
                "the range has more than \(IntegerBounds.count.range.upperBound) values",
                "give a larger step")
            return nil
        }
        return Int(whole) + 1
    }
}
