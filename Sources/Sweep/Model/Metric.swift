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
    case excessLoss = "excess_loss"
    case limitRisk = "limit_risk"
    case sharpness
    case linearisationGap = "linearisation_gap"
    case linearisationRisk = "linearisation_risk"
    case weightChange = "weight_change"
    case kernelChange = "kernel_change"
}

extension Metric {
    /// Whether it is a share of test points, samples or errors: between 0 and 1.
    package var isShare: Bool {
        switch self {
        case .transferRisk, .studentError, .teacherError, .corrected, .spoiled, .trainCorrected,
            .oracleRisk, .oracleTransferRisk, .riskBound, .riskBoundRefined, .riskBoundTight,
            .limitRisk, .linearisationRisk:
            true
        case .weightNorm, .weightNormNext, .weightNormLower, .weightNormUpper, .oracleAngle,
            .trainResidual, .kernelCondition, .excessLoss, .sharpness, .linearisationGap,
            .weightChange, .kernelChange:
            false
        }
    }

    /// The metrics of the first sweeps, which knew no students at finite steps.
    static let original = allCases.prefix { $0 != .excessLoss }

    /// Whether a student of that kind can have it. Where it can't, it is empty without being computed.
    package func applies(to model: Model, _ steps: Steps) -> Bool {
        switch self {
        case .excessLoss, .limitRisk, .sharpness: steps != .infinite
        case .linearisationGap, .linearisationRisk, .weightChange, .kernelChange: model == .network
        case .weightNormNext, .weightNormLower, .weightNormUpper, .riskBoundRefined,
            .riskBoundTight:
            steps == .infinite
        case .oracleAngle, .riskBound: model == .linearised
        case .transferRisk, .studentError, .teacherError, .corrected, .spoiled, .trainCorrected,
            .weightNorm, .oracleRisk, .oracleTransferRisk, .trainResidual, .kernelCondition:
            true
        }
    }

    /// Whether a cell of that status has the metric: true if each has, false if none has, nil if some have.
    func isDefined(in status: Status) -> Bool? {
        switch (status, self) {
        case (.failed, _): false
        case (.singular, .teacherError), (.diverged, .teacherError): true
        case (.singular, _), (.diverged, _): false
        case (.ok, .transferRisk), (.ok, .studentError), (.ok, .teacherError), (.ok, .weightNorm):
            true
        case (.ok, _): nil
        }
    }
}
