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
            the figure. A script that you have changed is kept, and draws the newest data, unless you \
            give --force. Works beside a run. Figures are of means over the seeds, with bands of one \
            standard error; a hollow mark is a mean in which seeds are missing.

            Without --x, --y, --lines and --panels it draws a figure of the student's error against each \
            axis that varies, and as far as the sweep has them transfer risk, data inefficiency, the risk \
            and its bounds, and a map of the error over soft ratio and teacher noise. Axes that a figure \
            doesn't draw are fixed: at the largest width, sample size, soft ratio and depth, the least \
            noise and ridge, and temperature 1; elsewhere if what is drawn would make no difference there. \
            Its caption says so. All figures of one quantity have one scale for it.

            For a paper, --width draws a figure as wide as the column, with letters of 7 pt or more, and \
            --bare leaves title and caption out of it and writes them to NAME.txt. What you choose is part \
            of the file's name, as in student-error-at-width-64-5.5in-bare.svg.

            AXIS is width, model, steps, sample_size, soft_ratio, teacher_noise, temperature, depth or \
            ridge.

            Examples:
              kdsweep plot results/quickstart
              kdsweep plot results/quickstart --x width --y weight_norm --lines sample_size
              kdsweep plot results/quickstart --y oracle_risk,risk_bound --name risk
              kdsweep plot results/quickstart --y best --x sample_size --at width=64,inf
              kdsweep plot results/quickstart --relative-to soft_ratio=0
              kdsweep plot results/quickstart --width 5.5in --bare --format pdf
            """)

    @OptionGroup var results: ResultsArgument

    @Option(help: ArgumentHelp("The horizontal axis.", valueName: "axis"))
    var x: Axis?

    @Option(
        help: ArgumentHelp(
            "What is drawn: a metric as cells.csv names it, data_inefficiency or "
                + "data_inefficiency_discrete; or several, a line each; or best (best_soft_ratio), "
                + "the value of an axis with the least student error.", valueName: "metric,..."))
    var y: CommaList<Measure>?

    @Option(help: ArgumentHelp("The axis with a line for each value, or none.", valueName: "axis"))
    var lines: Wish.Choice?

    @Option(help: ArgumentHelp("The axis with a panel for each value, or none.", valueName: "axis"))
    var panels: Wish.Choice?

    @Option(
        help: ArgumentHelp(
            "Draw only these values of an axis; may come more than once.",
            valueName: "axis=value,..."))
    var at: [AxisChoice] = []

    @Option(
        help: ArgumentHelp(
            "Draw differences within the seeds from the students with this value.",
            valueName: "axis=value"))
    var relativeTo: AxisChoice?

    @Option(
        help: ArgumentHelp(
            "Which scales are logarithmic: that of the axis (x), of what is measured (y) "
                + "(default: what suits the values).", valueName: "scales"))
    var log: Logarithms?

    @Option(help: "The figure's name (default: METRIC-by-AXIS and what you choose beside it).")
    var name: String?

    @Option(help: "The pictures' width, as 5.5in, 14cm or 140mm (default: what the panels need).")
    var width: Length?

    @Flag(help: "Leave out title and caption, and write them to NAME.txt.")
    var bare = false

    @Option(
        help: ArgumentHelp("Which pictures to draw (default: all).", valueName: "format,..."))
    var format: CommaList<Style.Format>?

    @Flag(help: "Replace scripts that were changed, too.")
    var force = false

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
        if let relativeTo, relativeTo.values.count > 1 {
            throw ValidationError("--relative-to \(relativeTo.axis.key): give one value")
        }
        for axis in Set(at.map(\.axis)) where at.count(where: { $0.axis == axis }) > 1 {
            throw ValidationError("--at \(axis.key) comes twice: give all its values in one")
        }
        if let width, !Style.widths.contains(width.inches) {
            throw ValidationError("--width \(width.text): give 3in to 30in (7.62cm to 76.2cm)")
        }
    }

    func run() throws {
        let results = results.found
        let gnuplot = try Refusal.unless { try Gnuplot() }
        let figures = try figures(of: results)
        guard !figures.isEmpty else {
            throw Refusal("\(results.url.relativePath) has nothing to draw yet: no cell is ok")
        }
        let target =
            output.map { URL(filePath: $0, directoryHint: .isDirectory) } ?? results.figures
        var kept: [String] = []
        for figure in figures {
            let outcome = try gnuplot.draw(
                figure, into: target, style: style, replacesChanged: force)
            try Output.print(outcome.files[0].relativePath)
            if outcome.isScriptKept { kept.append("\(figure.name).gp") }
        }
        let endings = style.formats.map { ".\($0)" }
        let all =
            (endings.count > 1 ? endings.dropLast().joined(separator: ", ") + " and " : "")
            + endings.last!
        Console.shared.line(
            "\(figures.count) figure\(figures.count == 1 ? "" : "s"), each as \(all); "
                + "restyle with its .gp and .dat")
        if !kept.isEmpty {
            Console.shared.line(
                "kept and drawn by, since they were changed: \(kept.joined(separator: ", ")); "
                    + "--force replaces them")
        }
    }

    private func figures(of results: ResultsFolder) throws -> [Figure] {
        try Refusal.unless {
            let store = try Store(in: results, for: .reading)
            guard let sweep = store.sweep else {
                throw ResultsError.empty(path: results.store.path)
            }
            let wish = Wish(
                x: x, measures: y?.elements ?? [], lines: lines, panels: panels,
                at: Dictionary(uniqueKeysWithValues: at.map { ($0.axis, $0.values) }),
                logarithms: log, name: name,
                relativeTo: relativeTo.map { .init($0.axis, $0.values[0]) })
            return try store.figures(try wish.sketches(of: sweep)).map { figure in
                var figure = figure
                if name == nil { figure.name += suffix }
                return figure
            }
        }
    }

    private var style: Style {
        Style(
            width: width?.inches, isBare: bare, formats: format?.elements ?? Style.Format.allCases)
    }

    /// What the style adds to a figure's name.
    private var suffix: String { (width.map { "-\($0.text)" } ?? "") + (bare ? "-bare" : "") }
}
