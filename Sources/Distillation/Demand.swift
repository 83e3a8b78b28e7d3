import Sweep

/// What a solve must work out for the chosen metrics, and where each metric goes in a row.
struct Demand: Sendable {
    /// f_n at the test points.
    let testLogits: Bool
    /// f_N, or Delta_N, beside f_n.
    let oracle: Bool
    let bounds: Bool
    let norms: Bool
    let residual: Bool
    let condition: Bool
    let trainCorrected: Bool

    /// The place of a metric in a row's values; nil where it isn't chosen.
    private let places: [Metric: Int]
    let count: Int

    init(_ metrics: [Metric]) {
        let chosen = Set(metrics)
        func any(_ wanted: Metric...) -> Bool { !chosen.isDisjoint(with: wanted) }
        places = Dictionary(uniqueKeysWithValues: metrics.enumerated().map { ($1, $0) })
        count = metrics.count
        bounds = any(.riskBound, .riskBoundRefined, .riskBoundTight)
        oracle = bounds || any(.oracleRisk, .oracleTransferRisk, .oracleAngle)
        testLogits =
            bounds
            || any(
                .transferRisk, .studentError, .corrected, .spoiled, .oracleRisk,
                .oracleTransferRisk)
        norms =
            bounds
            || any(
                .weightNorm, .weightNormNext, .weightNormLower, .weightNormUpper, .oracleAngle)
        residual = any(.trainResidual)
        condition = any(.kernelCondition)
        trainCorrected = any(.trainCorrected)
    }

    subscript(_ metric: Metric) -> Int? { places[metric] }
}
