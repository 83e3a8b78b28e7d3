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
        private let point: BestPoint
        private let axis: Axis
        private let grid: Grid

        fileprivate init(_ point: BestPoint, _ axis: Axis, _ grid: Grid) {
            self.point = point
            self.axis = axis
            self.grid = grid
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            for axis in BestLines.others(than: axis) {
                try container.encode(Number(grid[point.cell][axis]), forKey: Key(axis.key))
            }
            try container.encode(point.best.seeds, forKey: Key("seeds"))
            for (column, value) in zip(BestPoint.valueColumns, point.values(of: axis, in: grid)) {
                try container.encode(value.map(Number.init), forKey: Key(column))
            }
            for (column, estimate) in zip(BestPoint.estimateColumns, point.estimates) {
                let error = estimate.flatMap { $0.error.isNaN ? nil : $0.error }
                try container.encode(estimate?.mean, forKey: Key(column))
                try container.encode(error, forKey: Key(column + "_sem"))
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
