import Figures
import Foundation
import Results
import Sweep

/// The best values of an axis as a table to read.
struct BestReport {
    private let sought: BestQuestion
    private let points: [BestPoint]
    private let sweep: Sweep
    /// The axes in whose values the lines differ.
    private let varied: [Axis]
    private let comparesWithTeacher: Bool

    /// - Parameter points: at least one.
    init(_ question: BestQuestion, _ points: [BestPoint], of sweep: Sweep) {
        sought = question
        self.points = points
        self.sweep = sweep
        let grid = sweep.grid
        varied = BestLines.others(than: question.axis).filter { axis in
            let first = grid[points[0].cell][axis]
            return points.contains { grid[$0.cell][axis] != first }
        }
        comparesWithTeacher = points.contains { $0.best.gainOverTeacher != nil }
    }

    private var axis: String { sought.axis.key }
    private var metric: String { sought.metric.rawValue }

    // MARK: Text

    /// Lines, the last without a line end.
    var text: String {
        let words = [headline] + fixed + ["", TextTable([header] + rows).text, ""]
        return (words + [TextTable(explanations, isLeftAligned: true).text]).joined(separator: "\n")
    }

    private var headline: String { "\(sweep.name): which \(axis) has the \(wanted) \(metric)" }

    private var wanted: String { sought.prefersLargest ? "largest" : "least" }

    /// `Which soft_ratio has the least student_error?`
    var question: String { "Which \(axis) has the \(wanted) \(metric)?" }

    /// The last line, the one of the largest student with the most samples where their values ascend, in a sentence.
    var example: String {
        let point = points.last!
        let place = varied.map { "\($0.key) \(sweep.grid[point.cell][$0])" }.joined(separator: ", ")
        let values = point.values(of: sought.axis, in: sweep.grid).map { $0?.description }
        guard let best = values[0], let error = point.estimates[0] else {
            return "At \(place) no seed has all values of \(axis)."
        }
        let range = values[1].map { from in
            from == values[2]!
                ? ", and no other is plausible" : ", and \(from) to \(values[2]!) is plausible"
        }
        let gains = zip([end(\.first), end(\.last)], point.estimates[1...2]).compactMap {
            value, gain in
            gain.map { "\(Self.words($0)) over \(value)" }
        }
        return (place.isEmpty ? "The" : "At \(place) the")
            + " best \(axis) is \(best)\(range ?? ""): "
            + "\(metric) \(Self.words(error))"
            + (gains.isEmpty ? "." : ", a gain of \(gains.joined(separator: " and of ")).")
    }

    /// What all lines of the table have, in a sentence's end; empty if nothing.
    var fixed: [String] {
        let same = BestLines.others(than: sought.axis).filter { !varied.contains($0) }.map {
            axis in
            "\(axis.key) \(sweep.grid[points[0].cell][axis])"
        }
        return same.isEmpty ? [] : ["at " + same.joined(separator: ", ")]
    }

    var header: [String] {
        let gains = ["gain over \(end(\.first))", "gain over \(end(\.last))"]
        return varied.map(\.key) + ["best \(axis)", "plausible", metric] + gains
            + (comparesWithTeacher ? ["gain over teacher"] : []) + ["seeds"]
    }

    /// The axis' lowest or highest value; in words if not all points have the same.
    private func end(_ which: KeyPath<[Int], Int?>) -> String {
        let ends = Set(points.map { $0.positions[keyPath: which]! })
        guard ends.count == 1 else { return which == \[Int].first ? "lowest" : "highest" }
        return "\(sweep.grid[sought.axis][ends.first!])"
    }

    var rows: [[String]] { points.map(row) }

    private func row(_ point: BestPoint) -> [String] {
        let values = point.values(of: sought.axis, in: sweep.grid).map { $0?.description ?? "" }
        let (best, from, to) = (values[0], values[1], values[2])
        let estimates = comparesWithTeacher ? point.estimates : point.estimates.dropLast()
        return varied.map { "\(sweep.grid[point.cell][$0])" }
            + [best, from == to ? from : "\(from) to \(to)"]
            + estimates.map { $0.map(Self.words) ?? "" } + [String(point.best.seeds)]
    }

    /// `0.0135 ± 0.0003`, with two digits of the error.
    static func words(_ estimate: Estimate) -> String {
        guard estimate.error > 0, estimate.error.isFinite else {
            let mean = shortest(estimate.mean)
            return estimate.error == 0 ? "\(mean) ± 0" : mean
        }
        let decimals = max(0, 1 - Int(floor(log10(estimate.error))))
        guard decimals <= 8 else {
            return String(format: "%.2g ± %.1g", estimate.mean, estimate.error)
        }
        return String(format: "%.*f ± %.*f", decimals, estimate.mean, decimals, estimate.error)
    }

    private static func shortest(_ value: Double) -> String { String(format: "%.4g", value) }

    /// The columns, each with what it is.
    var explanations: [[String]] {
        let better = sought.prefersLargest ? "larger" : "smaller"
        let unit = sought.metric.isShare ? " (a share, from 0 to 1)" : ""
        var lines = [
            [
                "best \(axis)",
                "has the \(sought.prefersLargest ? "largest" : "least") mean over the seeds; of equals the first",
            ],
            [
                "plausible",
                "from the first to the last value that can't be told from the best: the mean difference within the seeds is at most two standard errors",
            ],
            [metric, "at the best value\(unit): mean ± standard error over the seeds"],
            [
                "gain over",
                "how much \(better) than at that value of \(axis); each seed is judged at the value that is best over the other seeds",
            ],
        ]
        if comparesWithTeacher {
            lines.append([
                "gain over teacher",
                "how much smaller than the teacher's error, judged in the same way",
            ])
        }
        lines.append([
            "seeds",
            "how many count: those in which every value of \(axis) has the metric; with fewer than \(Best.fewestSeeds) the rest is empty",
        ])
        return lines
    }
}
