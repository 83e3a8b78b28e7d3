import Figures
import Foundation
import Results
import Sweep

/// The best values of an axis as a table to read.
struct BestReport {
    private let question: BestQuestion
    private let points: [BestPoint]
    private let sweep: Sweep
    /// The axes in whose values the lines differ.
    private let varied: [Axis]
    private let comparesWithTeacher: Bool

    /// - Parameter points: at least one.
    init(_ question: BestQuestion, _ points: [BestPoint], of sweep: Sweep) {
        self.question = question
        self.points = points
        self.sweep = sweep
        let grid = sweep.grid
        varied = BestLines.others(than: question.axis).filter { axis in
            let first = grid[points[0].cell][axis]
            return points.contains { grid[$0.cell][axis] != first }
        }
        comparesWithTeacher = points.contains { $0.best.gainOverTeacher != nil }
    }

    private var axis: String { question.axis.key }
    private var metric: String { question.metric.rawValue }

    // MARK: Text

    /// Lines, the last without a line end.
    var text: String {
        let words = [headline] + fixed + ["", TextTable([header] + points.map(row)).text, ""]
        return (words + [TextTable(explanations, isLeftAligned: true).text]).joined(separator: "\n")
    }

    private var headline: String {
        let wanted = question.prefersLargest ? "largest" : "least"
        return "\(sweep.name): which \(axis) has the \(wanted) \(metric)"
    }

    /// What all lines of the table have.
    private var fixed: [String] {
        let same = BestLines.others(than: question.axis).filter { !varied.contains($0) }.map {
            axis in
            "\(axis.key) \(sweep.grid[points[0].cell][axis])"
        }
        return same.isEmpty ? [] : ["at " + same.joined(separator: ", ")]
    }

    private var header: [String] {
        let gains = ["gain over \(end(\.first))", "gain over \(end(\.last))"]
        return varied.map(\.key) + ["best \(axis)", "plausible", metric] + gains
            + (comparesWithTeacher ? ["gain over teacher"] : []) + ["seeds"]
    }

    /// The axis' lowest or highest value; in words if not all points have the same.
    private func end(_ which: KeyPath<[Int], Int?>) -> String {
        let ends = Set(points.map { $0.positions[keyPath: which]! })
        guard ends.count == 1 else { return which == \[Int].first ? "lowest" : "highest" }
        return "\(sweep.grid[question.axis][ends.first!])"
    }

    private func row(_ point: BestPoint) -> [String] {
        let values = point.values(of: question.axis, in: sweep.grid).map { $0?.description ?? "" }
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

    private var explanations: [[String]] {
        let better = question.prefersLargest ? "larger" : "smaller"
        let unit = question.metric.isShare ? " (a share, from 0 to 1)" : ""
        var lines = [
            [
                "best \(axis)",
                "has the \(question.prefersLargest ? "largest" : "least") mean over the seeds; of equals the first",
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
