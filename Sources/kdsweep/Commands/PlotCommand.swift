import ArgumentParser
import Cluster
import Figures
import Foundation
import Results
import Sweep

struct PlotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot",
        abstract: "Draws figures from a results folder, complete or not.",
        discussion: """
            Draws SVG, PDF and PNG through gnuplot into the folder `figures` of the results, with the \
            script and the data of each beside it: change the script and run gnuplot on it to restyle \
            the figure. Works beside a run. Figures are of means over the seeds, with bands of one \
            standard error.

            Without --x, --y, --lines and --panels it draws those of these figures for which the sweep has \
            the axes: student error and transfer risk against sample size, data inefficiency and error \
            against soft ratio, risk and its bounds, error against width, and a map of error over soft \
            ratio and teacher noise. Axes that a figure doesn't draw are fixed: at the largest width, \
            sample size, soft ratio and depth, and the least noise and ridge. Its caption says so.

            AXIS is width, sample_size, soft_ratio, teacher_noise, temperature, depth or ridge.

            Examples:
              kdsweep plot results/quickstart
              kdsweep plot results/quickstart --at teacher_noise=1 --at width=64,infinite
              kdsweep plot results/quickstart --x width --y weight_norm --lines sample_size
              kdsweep plot results/quickstart --y oracle_risk,risk_bound --name risk
            """)

    @Argument(help: "The results folder.", completion: .directory)
    var folder: String

    @Option(help: ArgumentHelp("The horizontal axis.", valueName: "axis"))
    var x: Axis?

    @Option(
        help: ArgumentHelp(
            "What is drawn: a metric as cells.csv names it, data_inefficiency or "
                + "data_inefficiency_discrete; or several, a line each.", valueName: "metric,..."))
    var y: MeasureList?

    @Option(help: ArgumentHelp("The axis with a line for each value, or none.", valueName: "axis"))
    var lines: Wish.Choice?

    @Option(help: ArgumentHelp("The axis with a panel for each value, or none.", valueName: "axis"))
    var panels: Wish.Choice?

    @Option(
        help: ArgumentHelp(
            "Draw only these values of an axis; may come more than once.",
            valueName: "axis=value,..."))
    var at: [AxisChoice] = []

    @Option(help: "The figure's name (default: METRIC-by-AXIS).")
    var name: String?

    @Option(
        help: "Where to draw to (default: the folder figures of the results).",
        completion: .directory)
    var output: String?

    func validate() throws {
        let isCustom = x != nil || y != nil || lines != nil || panels != nil
        if let name {
            guard isCustom else {
                throw ValidationError("--name is for a figure of your own, with --x or --y")
            }
            guard name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._\-]*/) != nil else {
                throw ValidationError(
                    "--name \(name): give a letter or digit, then letters, digits, `.`, `_` and `-`"
                )
            }
        }
        for axis in Set(at.map(\.axis)) where at.count(where: { $0.axis == axis }) > 1 {
            throw ValidationError("--at \(axis.key) comes twice: give all its values in one")
        }
    }

    func run() throws {
        let results = ResultsFolder(at: URL(filePath: folder))
        let gnuplot = try Refusal.unless { try Gnuplot() }
        let figures = try Refusal.unless {
            let store = try Store(in: results, for: .reading)
            guard let sweep = store.sweep else {
                throw ResultsError.empty(path: results.store.path)
            }
            let wish = Wish(
                x: x, measures: y?.measures ?? [], lines: lines, panels: panels,
                at: Dictionary(uniqueKeysWithValues: at.map { ($0.axis, $0.values) }), name: name)
            return try store.figures(try wish.sketches(of: sweep))
        }
        guard !figures.isEmpty else {
            throw Refusal("\(results.url.relativePath) has nothing to draw yet: no cell is ok")
        }
        let target =
            output.map { URL(filePath: $0, directoryHint: .isDirectory) } ?? results.figures
        for figure in figures {
            for file in try gnuplot.draw(figure, into: target) where file.pathExtension == "svg" {
                try Output.print(file.relativePath)
            }
        }
        Console.shared.line(
            "\(figures.count) figure\(figures.count == 1 ? "" : "s"), each as .svg, .pdf and .png; "
                + "restyle with its .gp and .dat")
    }
}

extension Axis: ExpressibleByArgument {
    public init?(argument: String) {
        guard let axis = Axis(key: argument), Axis.drawn.contains(axis) else { return nil }
        self = axis
    }

    public static var allValueStrings: [String] { Axis.drawn.map(\.key) }
}

extension Wish.Choice: ExpressibleByArgument {
    public init?(argument: String) {
        if argument == "none" {
            self = .none
        } else if let axis = Axis(argument: argument) {
            self = .axis(axis)
        } else {
            return nil
        }
    }

    public static var allValueStrings: [String] { ["none"] + Axis.drawn.map(\.key) }
}

/// `student_error,teacher_error`
struct MeasureList: ExpressibleByArgument {
    let measures: [Measure]

    init?(argument: String) {
        let found = argument.split(separator: ",", omittingEmptySubsequences: false)
            .map { Measure(name: String($0)) }
        guard !found.contains(nil), Set(found).count == found.count else { return nil }
        measures = found.compactMap { $0 }
    }

    static var allValueStrings: [String] { Measure.allCases.map(\.name) }
}

/// `width=64,infinite`
struct AxisChoice: ExpressibleByArgument {
    let axis: Axis
    let values: [Double]

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let axis = Axis(argument: String(parts[0])) else { return nil }
        let values = parts[1].split(separator: ",", omittingEmptySubsequences: false).map { word in
            word == "infinite" && axis.mayBeInfinite ? Double.infinity : Double(word)
        }
        guard !values.contains(nil) else { return nil }
        self.axis = axis
        self.values = values.compactMap { $0 }
    }
}
