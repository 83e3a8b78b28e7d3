import ArgumentParser
import Cluster
import Figures
import Foundation
import Results
import Sweep

struct BestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "best",
        abstract: "Says which value of an axis is best, how sure that is, and what it gains.",
        discussion: """
            Has a line for each grid point without the axis and the seed. Values are compared within each seed, as all \
            values of a seed share samples, noise and weights. Plausible are the values that can't be told from the best: \
            their mean difference from it is at most two standard errors. Gains are over the axis' lowest and highest value \
            and, for student_error, over the teacher; each seed is judged at the value that is best over the other seeds, \
            so that the gain isn't flattered. Only seeds in which every value is ok count. Works beside a run.

            With the usual axis and metric the table is that of best.csv. With --by it has a line for each value of one \
            other axis only, and the remaining axes are fixed as in figures.

            AXIS is width, model, steps, sample_size, soft_ratio, teacher_noise, temperature, depth or ridge.

            Examples:
              kdsweep best results/quickstart
              kdsweep best results/quickstart --axis width --metric transfer_risk
              kdsweep best results/quickstart --metric corrected --largest --csv
              kdsweep best results/quickstart --by sample_size --at teacher_noise=1
            """)

    @OptionGroup var results: ResultsArgument

    @Option(
        name: .customLong("axis"),
        help: ArgumentHelp(
            "The axis whose best value is sought (default: soft_ratio).", valueName: "axis"))
    var sought: Axis?

    @Option(
        help: ArgumentHelp(
            "What is to be least: a metric as cells.csv names it.", valueName: "metric"))
    var metric = Metric.studentError

    @Flag(help: "The largest value of the metric is the best one.")
    var largest = false

    @Option(help: ArgumentHelp("Have a line for each value of this axis only.", valueName: "axis"))
    var by: Axis?

    @Option(
        help: ArgumentHelp(
            "Only these values of an axis; may come more than once.", valueName: "axis=value,..."))
    var at: [AxisChoice] = []

    @Flag(help: "Print the table as CSV, with the columns of best.csv.")
    var csv = false

    @Flag(help: "Print the table as JSON.")
    var json = false

    private var axis: Axis { sought ?? .softRatio }

    func validate() throws {
        if csv && json { throw ValidationError("--csv or --json, not both") }
        if by == axis {
            throw ValidationError("--by \(axis.key): that is the axis whose best value is sought")
        }
    }

    func run() throws {
        let folder = results.found
        let store = try Refusal.unless { try Store(in: folder, for: .reading) }
        guard let sweep = store.sweep else {
            throw Refusal("\(folder.url.relativePath) has no sweep yet")
        }
        let question = try question(of: sweep)
        let shown = try shownPositions(of: sweep)
        let points = try Refusal.unless {
            try store.bestPoints(question, processors: Cores.current.count)
        }.filter { point in
            shown.allSatisfy { axis, positions in
                positions.contains(sweep.grid.numbering.position(on: axis, of: point.cell))
            }
        }
        guard !points.isEmpty else {
            throw Refusal("\(folder.url.relativePath) has no result of these yet")
        }
        if csv {
            var lines = BestLines(question, of: sweep)
            for point in points { lines.add(point) }
            return try Output.print(String(decoding: lines.take(), as: UTF8.self), terminator: "")
        }
        if json {
            let summary = BestSummary(question, points, of: sweep)
            return try Output.print(
                String(decoding: JSONEncoder.ofCommands.encode(summary), as: UTF8.self))
        }
        try Output.print(BestReport(question, points, of: sweep).text)
    }

    private func question(of sweep: Sweep) throws -> BestQuestion {
        guard sweep.metrics.contains(metric) else {
            throw Refusal(
                "--metric \(metric.rawValue): the results have "
                    + sweep.metrics.map(\.rawValue).joined(separator: ", "))
        }
        guard sweep.grid[axis].count > 1 else {
            let varied = Axis.drawn.filter { sweep.grid[$0].count > 1 }.map(\.key)
            throw Refusal(
                "--axis \(axis.key): it has only one value; axes with several are "
                    + (varied.isEmpty ? "none" : varied.joined(separator: ", ")))
        }
        return BestQuestion(axis: axis, metric: metric, prefersLargest: largest)
    }

    /// Which positions of which axes the table has.
    private func shownPositions(of sweep: Sweep) throws -> [Axis: [Int]] {
        let wish = Wish(
            x: axis, measures: [.metric(metric)],
            at: Dictionary(at.map { ($0.axis, $0.values) }, uniquingKeysWith: +))
        return try Refusal.unless { try wish.positions(in: sweep, by: by) }
    }
}
