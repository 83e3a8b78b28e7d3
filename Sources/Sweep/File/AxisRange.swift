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
        guard let (count, scale) = countAndScale(section), let from, let to else { return nil }
        let range = AxisRange(from: from, to: to, count: count, scale: scale)
        guard positive(range, section) else { return nil }
        let values = range.values
        guard values.allSatisfy(\.isFinite) else {
            refuse("from and to are too far apart for a double", "give a narrower range or a list")
            return nil
        }
        guard Set(values).count == count else {
            refuse(
                "from \(from) to \(to) has no \(count) different values",
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
        guard let (count, scale) = countAndScale(section), let from, let to else { return nil }
        guard max(from, to) <= 1 << 53 else {
            refuse("a range can't be computed exactly beyond 2^53", "give a list")
            return nil
        }
        let range = AxisRange(
            from: Double(from), to: Double(to), count: count, scale: scale)
        guard positive(range, section) else { return nil }
        return range.integers
    }

    private func countAndScale(_ section: Section) -> (Int, AxisRange.Scale)? {
        let count = section.required("count", IntegerBounds.count.wanted)?
            .integer(in: .count)
        guard let entry = section["scale"] else { return count.map { ($0, .linear) } }
        let scale = entry.choice(of: AxisRange.Scale.self)
        guard let count, let scale else { return nil }
        return (count, scale)
    }

    private func positive(_ range: AxisRange, _ section: Section) -> Bool {
        guard range.scale == .log, min(range.from, range.to) <= 0 else { return true }
        section[range.from <= 0 ? "from" : "to"]?.refuse(
            "a range with scale: log can't reach 0",
            "give a number > 0, scale: linear, or a list that begins with 0")
        return false
    }
}
