import Sweep

/// A quantity of a grid point that figures can show: a column of `summary.csv`, or the best value of an axis.
public enum Measure: Hashable, Sendable {
    case metric(Metric)
    case dataInefficiency
    case discreteDataInefficiency
    /// The value of an axis with the least student error.
    case best(Axis)

    /// Nil if the CSVs have no such column.
    ///
    /// - Parameter name: the column's name in the CSVs, without `_mean`; `best_AXIS`, or `best` for the soft ratio.
    public init?(name: String) {
        let name = name == "best" ? Measure.best(.softRatio).name : name
        guard let measure = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = measure
    }

    public static let allCases: [Measure] =
        Metric.allCases.map(Measure.metric) + [.dataInefficiency, .discreteDataInefficiency]
        + Axis.drawn.filter(\.isNumeric).map(Measure.best)

    public var name: String {
        switch self {
        case .metric(let metric): metric.rawValue
        case .dataInefficiency: "data_inefficiency"
        case .discreteDataInefficiency: "data_inefficiency_discrete"
        case .best(let axis): "best_\(axis.key)"
        }
    }

    /// The measures that a sweep's results have.
    static func all(of sweep: Sweep) -> [Measure] { allCases.filter { $0.isThere(in: sweep) } }

    func isThere(in sweep: Sweep) -> Bool {
        switch self {
        case .metric(let metric):
            sweep.metrics.contains(metric)
                && sweep.grid.model.contains { model in
                    sweep.grid.steps.contains { metric.applies(to: model, $0) }
                }
        case .dataInefficiency:
            sweep.metrics.contains(.weightNormLower) && sweep.metrics.contains(.weightNormUpper)
        case .discreteDataInefficiency:
            sweep.metrics.contains(.weightNorm) && sweep.metrics.contains(.weightNormNext)
        case .best(let axis):
            // An infinite value has no height.
            sweep.metrics.contains(.studentError) && sweep.grid[axis].count > 1
                && sweep.grid[axis].all.allSatisfy(\.number.isFinite)
        }
    }

    /// Its name in words, with its symbol if it has one.
    var title: String {
        switch self {
        case .metric(let metric): metric.title
        case .dataInefficiency: "data inefficiency d ln |Δ| / d ln n"
        case .discreteDataInefficiency: "data inefficiency I(n)"
        case .best(let axis): "best \(axis.title)"
        }
    }

    /// Whether students of that model can have it.
    func applies(to model: Model) -> Bool {
        if sought != nil { return true }
        guard case .metric(let metric) = self else { return model == .linearised }
        return metric.applies(to: model, .finite(1)) || metric.applies(to: model, .infinite)
    }

    /// Whether only students at finite steps have it.
    var needsStop: Bool {
        guard case .metric(let metric) = self else { return false }
        return !metric.applies(to: .linearised, .infinite)
    }

    /// Whether each cell has a value of it, not only all seeds of a grid point together.
    var isOfCells: Bool {
        if case .metric = self { true } else { false }
    }

    /// Whether it spans orders of magnitude in every sweep.
    var isLogarithmic: Bool {
        switch self {
        case .metric(.kernelCondition), .metric(.trainResidual), .metric(.linearisationGap): true
        case .metric, .dataInefficiency, .discreteDataInefficiency, .best: false
        }
    }

    /// The axis whose best value it is; nil if it is none.
    package var sought: Axis? {
        if case .best(let axis) = self { axis } else { nil }
    }
}

extension Measure {
    /// Which of its values is the best one.
    enum Goal {
        case least, greatest

        func prefers(_ a: Double, to b: Double) -> Bool {
            switch self {
            case .least: a < b
            case .greatest: a > b
            }
        }
    }

    /// Nil if no value is better than another.
    var goal: Goal? {
        switch self {
        case .metric(.studentError), .metric(.transferRisk), .metric(.spoiled): .least
        case .metric(.corrected), .metric(.trainCorrected): .greatest
        case .metric, .dataInefficiency, .discreteDataInefficiency, .best: nil
        }
    }

    /// Whether it compares a student with the oracle; of one that has seen all N samples it is 0.
    var isAgainstOracle: Bool {
        switch self {
        case .metric(.oracleRisk), .metric(.oracleAngle), .metric(.riskBound),
            .metric(.riskBoundRefined), .metric(.riskBoundTight):
            true
        case .metric, .dataInefficiency, .discreteDataInefficiency, .best: false
        }
    }

    /// The quantity that several measures are values of: its name and its title.
    static func common(of measures: [Measure]) -> (name: String, title: String) {
        let bounded: Set<Measure> = [
            .metric(.oracleRisk), .metric(.riskBound), .metric(.riskBoundRefined),
            .metric(.riskBoundTight),
        ]
        let errors: Set<Measure> = [.metric(.studentError), .metric(.teacherError)]
        if bounded.isSuperset(of: measures) { return ("risk", "risk and bounds") }
        if errors.isSuperset(of: measures) { return ("error", "error") }
        return ("value", "value")
    }
}

extension Metric {
    fileprivate var title: String {
        switch self {
        case .transferRisk: "transfer risk"
        case .studentError: "student error"
        case .teacherError: "teacher error"
        case .corrected: "share of the teacher's errors corrected"
        case .spoiled: "share of the teacher's right answers spoiled"
        case .trainCorrected: "share of the training errors corrected"
        case .weightNorm: "weight norm |Δ|"
        case .weightNormNext: "weight norm at n + 1"
        case .weightNormLower: "weight norm at n / 2^(1/4)"
        case .weightNormUpper: "weight norm at n 2^(1/4)"
        case .oracleRisk: "risk against the oracle"
        case .oracleTransferRisk: "transfer risk of the oracle"
        case .oracleAngle: "angle to the oracle (radians)"
        case .riskBound: "the paper's bound"
        case .riskBoundRefined: "refined bound"
        case .riskBoundTight: "tight bound"
        case .trainResidual: "training residual"
        case .kernelCondition: "condition number of the kernel"
        case .excessLoss: "loss above its least value (nats)"
        case .limitRisk: "disagreement with the limit of training"
        case .sharpness: "sharpness (1: edge of stability)"
        case .linearisationGap: "gap to the linearised student"
        case .linearisationRisk: "disagreement with the linearised student"
        case .weightChange: "relative change of the weights"
        case .kernelChange: "relative change of the kernel"
        }
    }
}
