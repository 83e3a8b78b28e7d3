import Foundation
import Sweep

/// The rows of a CSV that an independent program computed, held against ours number by number.
struct Golden {
    private let header: [String]
    private let rows: [[String]]

    init(_ file: URL) throws {
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        let table = lines.map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        header = table[0]
        rows = Array(table.dropFirst())
    }

    var count: Int { rows.count }

    /// Every place where `actual` (by cell number) isn't the same sweep within round-off.
    func faults(of actual: [Row], sweep: Sweep) -> [String] {
        guard actual.count == rows.count else { return ["\(actual.count) rows, not \(rows.count)"] }
        var faults: [String] = []
        var slack: [String: Double] = [:]
        for (number, (expected, row)) in zip(rows, actual).enumerated() {
            let fields = Dictionary(uniqueKeysWithValues: zip(header, expected))
            if fields["status"] != row.status.name {
                faults.append("cell \(number): status \(row.status.name)")
            }
            for (metric, value) in zip(sweep.metrics, row.values) {
                guard let text = fields[metric.rawValue] else { continue }
                guard let wanted = Double(text) else {
                    if !value.isNaN {
                        faults.append("cell \(number) \(metric): \(value), not empty")
                    }
                    continue
                }
                let gap = abs(wanted - value)
                if !isClose(metric, wanted, value, sweep, ridge: Double(fields["ridge"]!)!) {
                    faults.append("cell \(number) \(metric): \(value), not \(wanted)")
                }
                if isShare(metric) { slack[metric.rawValue, default: 0] += gap }
            }
        }
        for (name, sum) in slack
        where sum / Double(rows.count) > 0.05 / Double(sweep.settings.testSamples) {
            faults.append("\(name): off by \(sum / Double(rows.count)) on average")
        }
        return faults
    }

    /// A share over all test points; the others are over a part of them.
    private func isShare(_ metric: Metric) -> Bool {
        switch metric {
        case .transferRisk, .studentError, .teacherError, .oracleRisk, .oracleTransferRisk,
            .riskBound, .riskBoundRefined, .riskBoundTight:
            true
        case .corrected, .spoiled, .trainCorrected, .weightNorm, .weightNormNext,
            .weightNormLower, .weightNormUpper, .oracleAngle, .trainResidual, .kernelCondition:
            false
        }
    }

    /// Shares may differ by two points (a sign at round-off), norms by 1e-8 relative, angles by 1e-6.
    private func isClose(
        _ metric: Metric, _ wanted: Double, _ value: Double, _ sweep: Sweep, ridge: Double
    ) -> Bool {
        let gap = abs(wanted - value)
        switch metric {
        case .weightNorm, .weightNormNext, .weightNormLower, .weightNormUpper:
            return gap <= 1e-8 * abs(wanted)
        case .oracleAngle: return gap <= 1e-6
        case .trainResidual:
            return ridge == 0 ? value <= max(1e-8, 1e3 * wanted) : gap <= 1e-6
        case .kernelCondition: return wanted / 3 <= value && value <= wanted * 3
        case .corrected, .spoiled, .trainCorrected: return gap <= 0.05
        case .transferRisk, .studentError, .teacherError, .oracleRisk, .oracleTransferRisk,
            .riskBound, .riskBoundRefined, .riskBoundTight:
            return gap <= 2.01 / Double(sweep.settings.testSamples)
        }
    }
}
