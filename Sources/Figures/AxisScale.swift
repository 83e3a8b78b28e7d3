import Foundation
import Sweep

/// How the values of an axis lie on a figure's scale.
struct AxisScale {
    let isLogarithmic: Bool
    /// The value that has no place on the scale and is drawn as a level: infinity, or 0 on a logarithmic scale.
    let limit: Double?

    /// - Parameters:
    ///   - values: ascending.
    ///   - chosen: whether the user wants a logarithmic scale; nil if nothing was said.
    init(_ values: [Double], of axis: Axis, chosen: Bool?) {
        let finite = values.filter(\.isFinite)
        let positive = finite.filter { $0 > 0 }
        let isLogarithmic = !positive.isEmpty && (chosen ?? Self.suits(positive, finite, axis))
        self.isLogarithmic = isLogarithmic
        limit = values.first { !$0.isFinite || isLogarithmic && $0 <= 0 }
    }

    private static func suits(_ positive: [Double], _ finite: [Double], _ axis: Axis) -> Bool {
        let ratio = positive.last! / positive[0]
        if axis == .width || axis == .steps { return true }
        let isMoreEven = evenness(positive.map { log($0) }) >= evenness(finite)
        // With 0 among the values a logarithmic scale has to be worth drawing 0 as a level.
        return positive.count == finite.count
            ? ratio >= 5 && isMoreEven
            : ratio >= 100 && isMoreEven
    }

    /// The least gap between two neighbours, as a share of the whole range: 1 / (count - 1) if all are equal.
    private static func evenness(_ places: [Double]) -> Double {
        guard places.count > 1 else { return 1 }
        let gaps = zip(places.dropFirst(), places).map { $0 - $1 }
        return gaps.min()! / (places.last! - places[0])
    }
}

/// The scale of what is measured, the same in all figures that show it.
struct MeasuredScale {
    let isLogarithmic: Bool
    let extent: Figure.Extent?

    /// - Parameter drawings: with the same measured quantity.
    init(_ drawings: [Drawing]) {
        let means = drawings.flatMap { $0.means + $0.references.joined().flatMap(\.values) }
        let positive = means.filter { $0 > 0 }
        let wanted = drawings.lazy.compactMap { $0.sketch.logarithms?.y }.first
        isLogarithmic = !positive.isEmpty && (wanted ?? Self.suits(means, drawings[0]))
        let ends =
            isLogarithmic
            ? positive
            : means
                + drawings.filter { !$0.isMap }.flatMap(\.places).compactMap(\.estimate?.band)
                .flatMap { [$0.lowerBound, $0.upperBound] }
        extent = ends.min().map { Figure.Extent(low: $0, high: ends.max()!) }
    }

    /// Whether the values need a logarithmic scale: bounds do, since they are far above what they bound; other
    /// values only if they span more than a factor of five, and differences don't.
    private static func suits(_ values: [Double], _ drawing: Drawing) -> Bool {
        guard drawing.sketch.relative == nil else { return false }
        if drawing.measured.name == "risk"
            || drawing.sketch.measures.contains(where: \.isLogarithmic)
        {
            return true
        }
        guard let low = values.min(), let high = values.max() else { return false }
        return low > 0 && high / low > 5
    }
}

extension Figure.Reference {
    /// Whether it is a single point.
    var isLone: Bool {
        switch course {
        case .level: false
        case .points(let points): points.count == 1
        }
    }

    /// The heights at which it is drawn.
    var values: [Double] {
        switch course {
        case .level(let value): [value]
        case .points(let points): points.map(\.y)
        }
    }
}
