import Results
import Sweep

/// The best values of an axis, for `best --json`.
struct BestSummary: Encodable {
    /// Raised when a key changes its meaning or goes; new keys don't count.
    var version = 1
    var sweep: String
    var axis: String
    var metric: String
    var largest: Bool
    var points: [Point]

    init(_ question: BestQuestion, _ points: [BestPoint], of sweep: Sweep) {
        self.sweep = sweep.name
        axis = question.axis.key
        metric = question.metric.rawValue
        largest = question.prefersLargest
        self.points = points.map { Point($0, question.axis, sweep.grid) }
    }

    /// A grid point's values of the other axes by their names, and the columns of `best.csv`; null for what is empty
    /// there.
    struct Point: Encodable {
        private var axes: [(key: String, value: AxisValue)]
        private var seeds: Int
        private var values: [(key: String, value: AxisValue?)]
        private var estimates: [(key: String, value: Estimate?)]

        fileprivate init(_ point: BestPoint, _ axis: Axis, _ grid: Grid) {
            let best = point.best
            func value(_ number: Int?) -> AxisValue? {
                number.map { grid[axis][point.positions[$0]] }
            }
            axes = BestLines.others(than: axis).map { ($0.key, grid[point.cell][$0]) }
            seeds = best.seeds
            values = [
                ("best", value(best.value)), ("plausible_from", value(best.plausible?.lowerBound)),
                ("plausible_to", value(best.plausible?.upperBound)),
            ]
            estimates = [
                ("value", best.metric), ("gain_over_lowest", best.gainOverLowest),
                ("gain_over_highest", best.gainOverHighest),
                ("gain_over_teacher", best.gainOverTeacher),
            ]
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            for (key, value) in axes { try container.encode(Number(value), forKey: Key(key)) }
            try container.encode(seeds, forKey: Key("seeds"))
            for (key, value) in values {
                try container.encode(value.map(Number.init), forKey: Key(key))
            }
            for (key, value) in estimates {
                let error = value.flatMap { $0.error.isNaN ? nil : $0.error }
                try container.encode(value?.mean, forKey: Key(key))
                try container.encode(error, forKey: Key(key + "_sem"))
            }
        }
    }

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// An axis' value: a number, or a word for what isn't one.
    private struct Number: Encodable {
        var value: AxisValue

        init(_ value: AxisValue) { self.value = value }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch value {
            case .integer(let value): try container.encode(value)
            case .real(let value): try container.encode(value)
            case .infinite, .model: try container.encode(value.description)
            }
        }
    }
}
