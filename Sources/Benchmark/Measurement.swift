import Foundation

/// One line of the table: two timings of the same run, and their ratio.
struct Measurement {
    /// What the ratio is to be.
    enum Target {
        case atMost(Double)
        case atLeast(Double)
    }

    var what: String
    var ours: String
    /// What it is compared with: a limit or a rival.
    var other: String
    var ratio: Double
    /// Nil if the line is for comparison only.
    var target: Target?
    /// Whether `ratio` compares with a fixed number, not with another timing, and so depends on the machine.
    var isAbsolute = false

    var isMet: Bool { isMet(tolerance: 1) }

    /// - Parameter tolerance: the factor by which the ratio may be worse than its target.
    func isMet(tolerance: Double) -> Bool {
        switch target {
        case .atMost(let limit): ratio <= limit * tolerance
        case .atLeast(let limit): ratio >= limit / tolerance
        case nil: true
        }
    }

    static let header = row(["figure", "ours", "compared with", "ratio", "target"])
    static let csvHeader = "figure,ours,compared_with,ratio,target,met"

    var line: String {
        Self.row([what, ours, other, rounded(ratio), targetText + (isMet ? "" : " MISSED")])
    }

    /// The line for the CSV, as RFC 4180 has it.
    var csvLine: String {
        ([what, ours, other].map { "\"\($0)\"" } + [
            "\(ratio)", targetText, isMet ? "yes" : "no",
        ]).joined(separator: ",")
    }

    private var targetText: String {
        switch target {
        case .atMost(let limit): "<= \(rounded(limit))"
        case .atLeast(let limit): ">= \(rounded(limit))"
        case nil: ""
        }
    }

    private static func row(_ fields: [String]) -> String {
        zip(fields, [52, 34, 40, 8, 0]).map { field, width in
            field + String(repeating: " ", count: max(0, width - field.count))
        }.joined(separator: " ")
    }
}

/// The number with three significant digits.
func rounded(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return "\(value)" }
    let digits = 2 - Int(log10(abs(value)).rounded(.down))
    let scale = pow(10, Double(abs(digits)))
    let result = digits >= 0 ? (value * scale).rounded() / scale : (value / scale).rounded() * scale
    return result == result.rounded() && abs(result) < 1e15 ? "\(Int(result))" : "\(result)"
}
