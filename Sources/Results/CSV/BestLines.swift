import Sweep

/// The lines of `best.csv`, or of another question's table: the other axes, then how sure what is.
public struct BestLines {
    private let question: BestQuestion
    private let sweep: Sweep
    private let axes: AxisFields
    private var csv = CSVText()

    public static let columns = [
        "seeds", "best", "plausible_from", "plausible_to", "value", "value_sem", "gain_over_lowest",
        "gain_over_lowest_sem", "gain_over_highest", "gain_over_highest_sem", "gain_over_teacher",
        "gain_over_teacher_sem",
    ]

    /// Begins with the header.
    public init(_ question: BestQuestion, of sweep: Sweep) {
        self.question = question
        self.sweep = sweep
        axes = AxisFields(sweep.grid)
        for axis in Self.others(than: question.axis) { csv.append(axis.key) }
        for column in Self.columns { csv.append(column) }
        csv.endLine()
    }

    /// The axes that tell a question's grid points apart.
    public static func others(than axis: Axis) -> [Axis] {
        Axis.allCases.filter { $0 != axis && $0 != .seed }
    }

    public mutating func add(_ point: BestPoint) {
        let (values, best) = (sweep.grid[question.axis], point.best)
        axes.append(cell: point.cell, Self.others(than: question.axis), to: &csv)
        csv.append(best.seeds)
        for value in [best.value, best.plausible?.lowerBound, best.plausible?.upperBound] {
            csv.append(value.map { values[point.positions[$0]].description } ?? "")
        }
        for estimate in [
            best.metric, best.gainOverLowest, best.gainOverHighest, best.gainOverTeacher,
        ] {
            csv.append(estimate?.mean ?? .nan)
            csv.append(estimate?.error ?? .nan)
        }
        csv.endLine()
    }

    /// The lines so far.
    public mutating func take() -> [UInt8] {
        defer { csv.removeAll() }
        return csv.bytes
    }
}
