import Foundation

/// The range of a drawn axis, and the values that are labelled on it.
struct Scale: Hashable {
    struct Tic: Hashable {
        var value: Double
        var label: String
    }

    var low: Double
    var high: Double
    var tics: [Tic]
    var isLogarithmic: Bool

    /// A scale for an axis of the grid: from the least to the greatest value, labelled at some of the values.
    ///
    /// - Parameter room: how many points the scale is long.
    init(at values: [Double], isLogarithmic: Bool, room: Double = Layout.panelWidth) {
        // A figure that has only levels has no values of x.
        let values = values.isEmpty ? [1] : values.sorted()
        let (first, last) = (values[0], values[values.count - 1])
        self.isLogarithmic = isLogarithmic
        if isLogarithmic {
            let margin = pow(last / first, 0.04) * (last > first ? 1 : 2)
            (low, high) = (first / margin, last * margin)
        } else {
            let margin = last > first ? 0.04 * (last - first) : max(0.5, abs(first) / 2)
            (low, high) = (first - margin, last + margin)
        }
        tics = Self.tics(at: values, isLogarithmic, room)
    }

    /// A scale for an axis of a map: each value has the strip between the middles of it and its neighbours.
    init(stripsOf values: [Double], isLogarithmic: Bool, room: Double = Layout.panelWidth) {
        self.isLogarithmic = isLogarithmic
        let edges = Self.edges(of: values, isLogarithmic: isLogarithmic)
        (low, high) = (edges[0], edges[edges.count - 1])
        tics = Self.tics(at: values, isLogarithmic, room)
    }

    /// The `values.count + 1` ends of the strips of ascending values; the first and the last value are in the
    /// middle of theirs.
    static func edges(of values: [Double], isLogarithmic: Bool) -> [Double] {
        guard let first = values.first, let last = values.last, values.count > 1 else {
            return values.flatMap { isLogarithmic ? [$0 / 2, $0 * 2] : [$0 - 0.5, $0 + 0.5] }
        }
        let middles = zip(values, values.dropFirst()).map {
            isLogarithmic ? ($0 * $1).squareRoot() : ($0 + $1) / 2
        }
        let (low, high) = (middles[0], middles[middles.count - 1])
        return isLogarithmic
            ? [first * first / low] + middles + [last * last / high]
            : [2 * first - low] + middles + [2 * last - high]
    }

    /// The place of a value as a share of the scale's length.
    func share(_ value: Double) -> Double {
        isLogarithmic
            ? log(value / low) / log(high / low) : (value - low) / (high - low)
    }

    /// The most labels side by side.
    private static let mostTics = 13

    private static func tics(
        at values: [Double], _ isLogarithmic: Bool, _ room: Double
    ) -> [Tic] {
        values.count > mostTics && !isLogarithmic
            ? rounded(values[0]...values[values.count - 1])
            : apart(values, room) { isLogarithmic ? log($0) : $0 }
    }

    /// A scale for measured values: it has room for all of them and is labelled at round numbers.
    init(covering values: [Double], isLogarithmic: Bool) {
        let (least, most) = (values.min() ?? 0, values.max() ?? 1)
        self.isLogarithmic = isLogarithmic
        if isLogarithmic {
            (low, high) = (least / 1.3, most * 1.3)
            tics = Self.logarithmic(low...high)
        } else {
            // If the values come near 0, the scale begins at 0.
            let isFromZero = least >= 0 && least < 0.4 * most
            let margin = most > least ? 0.06 * (most - least) : max(0.05, abs(most) / 10)
            (low, high) = (isFromZero ? 0 : least - margin, most + margin)
            tics = Self.rounded(low...high)
        }
    }

    /// Labels some of the ascending values, the first and the last among them, so that two labels are at least
    /// two fifteenths of the axis apart, in a narrow panel more.
    private static func apart(
        _ values: [Double], _ points: Double, _ place: (Double) -> Double
    ) -> [Tic] {
        let last = values[values.count - 1]
        let span = place(last) - place(values[0])
        // A letter is some six points wide, and two labels have eight between them.
        func areApart(_ a: Double, _ b: Double) -> Bool {
            let letters = Double(text(of: a).count + text(of: b).count) / 2
            let share = max(2 / 15.0, (6 * letters + 8) / points)
            return place(b) - place(a) >= share * span * (1 - 1e-9)
        }
        if let even = evenly(values, place, areApart) { return even }
        var tics = [values[0]]
        for value in values.dropFirst() where areApart(tics.last!, value) { tics.append(value) }
        while tics.count > 1, tics.last != last, !areApart(tics.last!, last) { tics.removeLast() }
        if tics.last != last { tics.append(last) }
        return tics.map { Tic(value: $0, label: text(of: $0)) }
    }

    /// Of values that are evenly spaced every one is labelled, or every second, and so on, so that the last one is
    /// labelled if possible; nil if they aren't, or if fewer than three labels have room.
    private static func evenly(
        _ values: [Double], _ place: (Double) -> Double, _ areApart: (Double, Double) -> Bool
    ) -> [Tic]? {
        let gaps = zip(values.dropFirst(), values).map { place($0) - place($1) }
        guard let least = gaps.min(), let most = gaps.max(), least > 0.8 * most else { return nil }
        let steps = 1..<values.count
        let reaching = steps.filter { (values.count - 1) % $0 == 0 }
        for step in reaching + steps {
            let chosen = stride(from: 0, to: values.count, by: step).map { values[$0] }
            if chosen.count > 2, zip(chosen, chosen.dropFirst()).allSatisfy(areApart) {
                return chosen.map { Tic(value: $0, label: text(of: $0)) }
            }
        }
        return nil
    }

    /// Labels three to seven multiples of 1, 2 or 5 times a power of ten.
    private static func rounded(_ range: ClosedRange<Double>) -> [Tic] {
        let span = range.upperBound - range.lowerBound
        guard span > 0, span.isFinite else { return [] }
        let power = pow(10, floor(log10(span / 3)))
        let step = [5, 2, 1].map { $0 * power }.first { span / $0 >= 3 } ?? power
        let first = Int((range.lowerBound / step - 1e-9).rounded(.up))
        let last = Int((range.upperBound / step + 1e-9).rounded(.down))
        guard first <= last else { return [] }
        let digits = max(0, Int((-log10(step)).rounded(.up)))
        return (first...last).map { multiple in
            let value = Double(multiple) * step
            return Tic(
                value: value, label: multiple == 0 ? "0" : String(format: "%.\(digits)f", value))
        }
    }

    /// Labels 1, 2 and 5 times powers of ten; over a wide range only powers of ten.
    private static func logarithmic(_ range: ClosedRange<Double>) -> [Tic] {
        let (low, high) = (log10(range.lowerBound), log10(range.upperBound))
        let factors: [Double] = high - low < 2.2 ? [1, 2, 5] : [1]
        let every = max(1, Int((high - low) / 6))
        return (Int(low.rounded(.down))...Int(high.rounded(.up))).filter { $0 % every == 0 }
            .flatMap { power in
                factors.map { $0 * pow(10, Double(power)) }.filter(range.contains).map {
                    Tic(value: $0, label: label(of: $0))
                }
            }
    }

    private static func label(of value: Double) -> String {
        guard value < 1e-3 || value >= 1e5 else { return String(format: "%g", value) }
        let power = Int(floor(log10(value * 1.0001)))
        let factor = (value / pow(10, Double(power))).rounded()
        let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
        let exponent =
            (power < 0 ? "⁻" : "")
            + String(String(abs(power)).map { digits[$0.wholeNumberValue!] })
        return (factor == 1 ? "" : "\(Int(factor))·") + "10" + exponent
    }
}
