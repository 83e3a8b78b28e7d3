/// A cell's metrics, with its status.
public struct Row: Hashable, Sendable {
    /// The cell's number in the grid.
    public var cell: Int
    public var status: Status
    /// One value for each of the sweep's metrics, in their order; NaN where a metric is undefined.
    public var values: [Double]
    /// One line that says why the cell failed; empty otherwise.
    public var error: String

    public init(cell: Int, status: Status, values: [Double], error: String = "") {
        self.cell = cell
        self.status = status
        self.values = values
        self.error = error
    }

    /// Compares values bit for bit, so that two undefined values are the same.
    public static func == (a: Row, b: Row) -> Bool {
        a.cell == b.cell && a.status == b.status && a.error == b.error
            && a.values.elementsEqual(b.values) { $0.bitPattern == $1.bitPattern }
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(cell) }
}

public enum Status: UInt8, Hashable, Codable, Sendable, CaseIterable {
    case ok
    /// The kernel matrix is numerically singular at this sample size.
    case singular
    case failed
    /// At the stop the student's loss is above that of the student that it began as, or something isn't finite.
    case diverged

    /// Those of results; a cell that has failed is tried again by a later run.
    package static let results = allCases.filter { $0 != .failed }

    /// Its name in the CSV.
    public var name: String {
        switch self {
        case .ok: "ok"
        case .singular: "singular"
        case .failed: "failed"
        case .diverged: "diverged"
        }
    }
}

extension Row {
    /// Why the row can't be right, in one line; nil if it can. The coordinator checks workers' rows by it.
    ///
    /// - Parameter metrics: the metrics whose values the row has.
    public func contradiction(in metrics: [Metric]) -> String? {
        for (metric, value) in zip(metrics, values) {
            let isDefined = !value.isNaN
            guard isDefined == metric.isDefined(in: status) ?? isDefined else {
                return "cell \(cell) is \(status.name), with \(metric.rawValue) "
                    + (isDefined ? "\(value)" : "undefined")
            }
            guard !isDefined || !metric.isShare || 0...1 ~= value else {
                return "cell \(cell) has a share \(metric.rawValue) of \(value)"
            }
        }
        return nil
    }
}
