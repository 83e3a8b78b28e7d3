import Sweep

/// The lines of `best.csv`, or of another question's table: the other axes, then how sure what is.
public struct BestLines {
    private let question: BestQuestion
    private let sweep: Sweep
    private let axes: AxisFields
    private var csv = CSVText()

    /// Begins with the header.
    public init(_ question: BestQuestion, of sweep: Sweep) {
        self.question = question
        self.sweep = sweep
        axes = AxisFields(sweep.grid)
        for axis in Self.others(than: question.axis) { csv.append(axis.key) }
        csv.append("seeds")
        for column in BestPoint.valueColumns { csv.append(column) }
        for column in BestPoint.estimateColumns {
            csv.append(column)
            csv.append(column + "_sem")
        }
        csv.endLine()
    }

    /// The axes that tell a question's grid points apart.
    public static func others(than axis: Axis) -> [Axis] {
        Axis.allCases.filter { $0 != axis && $0 != .seed }
    }

    public mutating func add(_ point: BestPoint) {
        axes.append(cell: point.cell, Self.others(than: question.axis), to: &csv)
        csv.append(point.best.seeds)
        for value in point.values(of: question.axis, in: sweep.grid) {
            csv.append(value?.description ?? "")
        }
        for estimate in point.estimates {
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
