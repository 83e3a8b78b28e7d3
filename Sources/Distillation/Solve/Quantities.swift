import Sweep

/// The quantities that a solve computes only if a metric needs them, since each has its own cost.
struct Quantities: OptionSet, Sendable {
    let rawValue: Int

    /// The students' decisions at the test points.
    static let decisions = Quantities(rawValue: 1 << 0)
    /// The oracle student too: its decisions, or Delta_N.
    static let oracle = Quantities(rawValue: 1 << 1)
    /// The factors of the bounds on the distance to the oracle, at the test points.
    static let radii = Quantities(rawValue: 1 << 2)
    /// |Delta_n|, and the angle to the oracle.
    static let norms = Quantities(rawValue: 1 << 3)
    /// How far the students are from what they are asked for.
    static let residuals = Quantities(rawValue: 1 << 4)
    /// The condition numbers of K_n + lambda I.
    static let conditions = Quantities(rawValue: 1 << 5)
    /// How many of the teacher's errors at the training samples the targets correct.
    static let corrections = Quantities(rawValue: 1 << 6)

    /// Of students at finite steps: how far their loss is from its least value.
    static let losses = Quantities(rawValue: 1 << 7)
    /// The limit of training, with which students at finite steps are compared.
    static let limit = Quantities(rawValue: 1 << 8)
    /// The largest curvature of the loss, in terms of what the learning rate can follow.
    static let sharpness = Quantities(rawValue: 1 << 9)
    /// The linearised student after as many steps as a network.
    static let linearisation = Quantities(rawValue: 1 << 10)
    /// A network's own kernel, compared with that at its initial weights.
    static let kernelChange = Quantities(rawValue: 1 << 11)

    /// The quantities that at least one of the metrics needs.
    init(for metrics: [Metric]) { self = metrics.reduce([]) { $0.union($1.quantities) } }

    init(rawValue: Int) { self.rawValue = rawValue }
}

extension Metric {
    /// The quantities from which the metric is computed.
    var quantities: Quantities {
        switch self {
        case .teacherError: []
        case .transferRisk, .studentError, .corrected, .spoiled: .decisions
        case .trainCorrected: .corrections
        case .weightNorm, .weightNormNext, .weightNormLower, .weightNormUpper: .norms
        case .oracleRisk, .oracleTransferRisk: [.decisions, .oracle]
        case .oracleAngle: [.norms, .oracle]
        case .riskBound, .riskBoundRefined, .riskBoundTight:
            [.decisions, .oracle, .radii, .norms]
        case .trainResidual: .residuals
        case .kernelCondition: .conditions
        case .excessLoss: .losses
        case .limitRisk: [.decisions, .limit]
        case .sharpness: .sharpness
        case .linearisationGap: .linearisation
        case .linearisationRisk: [.decisions, .linearisation]
        case .weightChange: .norms
        case .kernelChange: .kernelChange
        }
    }
}
