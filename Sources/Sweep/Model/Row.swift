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

    /// Its name in the CSV.
    public var name: String {
        switch self {
        case .ok: "ok"
        case .singular: "singular"
        case .failed: "failed"
        }
    }
}

/// What is measured of a cell; order and names are those of the CSV.
public enum Metric: String, Hashable, Codable, Sendable, CaseIterable {
    case transferRisk = "transfer_risk"
    case studentError = "student_error"
    case teacherError = "teacher_error"
    case corrected
    case spoiled
    case trainCorrected = "train_corrected"
    case weightNorm = "weight_norm"
    case weightNormNext = "weight_norm_next"
    case weightNormLower = "weight_norm_lower"
    case weightNormUpper = "weight_norm_upper"
    case oracleRisk = "oracle_risk"
    case oracleTransferRisk = "oracle_transfer_risk"
    case oracleAngle = "oracle_angle"
    case riskBound = "risk_bound"
    case riskBoundRefined = "risk_bound_refined"
    case riskBoundTight = "risk_bound_tight"
    case trainResidual = "train_residual"
    case kernelCondition = "kernel_condition"
}

extension Metric {
    /// Whether it is a share of test points, samples or errors: between 0 and 1.
    package var isShare: Bool {
        switch self {
        case .transferRisk, .studentError, .teacherError, .corrected, .spoiled, .trainCorrected,
            .oracleRisk, .oracleTransferRisk, .riskBound, .riskBoundRefined, .riskBoundTight:
            true
        case .weightNorm, .weightNormNext, .weightNormLower, .weightNormUpper, .oracleAngle,
            .trainResidual, .kernelCondition:
            false
        }
    }

    /// Whether a cell of that status has the metric: true if each has, false if none has, nil if some have.
    func isDefined(in status: Status) -> Bool? {
        switch (status, self) {
        case (.failed, _): false
        case (.singular, .teacherError): true
        case (.singular, _): false
        case (.ok, .transferRisk), (.ok, .studentError), (.ok, .teacherError), (.ok, .weightNorm):
            true
        case (.ok, _): nil
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
