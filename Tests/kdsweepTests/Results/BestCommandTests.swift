import Foundation
import Sweep
import Testing

@testable import kdsweep

/// `best.csv`, and `kdsweep best`, of a real run.
struct BestCommandTests {
    private let workspace: Workspace

    /// Networks and linearised students, so that some values have no cell; and a teacher that errs.
    private static let sweep = """
        task: {kind: gaussian-mixture, dimension: 3, components: 4, spread: 0.6, separation: 1.5, seed: 1}
        oracle_samples: 40
        test_samples: 200
        grid:
          width: [12, inf]
          model: [linearised, network]
          steps: [5, 40, inf]
          sample_size: [10, 40]
          soft_ratio: [1, 0, 0.3]
          teacher_noise: [0, 1]
          depth: [1, 2]
          seed: {count: 5}
        """

    init() throws {
        workspace = try Workspace()
        try workspace.write("s.yaml", Self.sweep)
        let run = try workspace.run("run", "s.yaml")
        try #require(run.status == 0, "\(run.errors)")
        try #require(
            run.output == "results/s/cells.csv\nresults/s/summary.csv\nresults/s/best.csv\n")
    }

    private func best(_ arguments: String...) throws -> Command.Result {
        try Command(["best", "s"] + arguments, in: workspace.folder).wait()
    }

    private struct Summary: Decodable {
        enum Value: Decodable {
            case number(Double), word(String), nothing

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if container.decodeNil() {
                    self = .nothing
                } else if let number = try? container.decode(Double.self) {
                    self = .number(number)
                } else {
                    self = .word(try container.decode(String.self))
                }
            }
        }

        var version: Int
        var axis: String
        var metric: String
        var largest: Bool
        var points: [[String: Value]]
    }

    @Test("The table is that of best.csv, as CSV, JSON and text")
    func formats() throws {
        let file = try workspace.read("results/s/best.csv")
        let csv = try best("--csv")
        #expect(csv.status == 0 && csv.output == file && csv.errors == "", "\(csv.errors)")
        let rows = CSVTable(file).rows
        // 2 sample sizes, noises and depths; of each, linearised students of both widths at 3 steps, and networks of one
        // at 2.
        #expect(rows.count == 8 * (2 * 3 + 2))
        let json = try JSONDecoder.ofCommands.decode(
            Summary.self, from: Data(best("--json").output.utf8))
        #expect(json.version == 1 && json.axis == "soft_ratio" && json.metric == "student_error")
        #expect(!json.largest && json.points.count == rows.count)
        for (point, row) in zip(json.points, rows) {
            #expect(Set(point.keys) == Set(row.keys))
            for (key, value) in point {
                let text = row[key]!
                switch value {
                case .number(let number): #expect(number == Double(text), "\(key)")
                case .word(let word): #expect(word == text, "\(key)")
                case .nothing: #expect(text == "", "\(key)")
                }
            }
        }
        let text = try best().output
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "s: which soft_ratio has the least student_error")
        #expect(lines[1] == "at temperature 1.0, ridge 0.0")
        #expect(lines.dropFirst(4).prefix { !$0.isEmpty }.count == rows.count, "\(text)")
        #expect(lines[3].contains("best soft_ratio") && lines[3].contains("gain over teacher"))
        #expect(text.contains("two standard errors") && !text.contains("nan"), "\(text)")
        // In a table to read no line is padded at its end.
        #expect(!lines.contains { $0.hasSuffix(" ") }, "\(text)")
    }

    @Test("An export writes it anew, and the outcome in JSON says where it is")
    func export() throws {
        let file = try workspace.read("results/s/best.csv")
        try workspace.write("results/s/best.csv", "old")
        let export = try workspace.run("export", "results/s")
        #expect(export.output.hasSuffix("results/s/best.csv\n"), "\(export.output)")
        #expect(try workspace.read("results/s/best.csv") == file)
        let again = try workspace.run("run", "s.yaml", "--json").output
        #expect(again.contains("\"best_csv\" : ") && again.contains("results/s/best.csv"))
    }

    @Test("Any axis and metric, by one other axis, and only some values")
    func choices() throws {
        let widths = try best("--axis", "width", "--metric", "weight_norm", "--largest", "--csv")
        let header = try #require(widths.output.split(separator: "\n").first)
        #expect(header.hasPrefix("model,steps,sample_size,soft_ratio,teacher_noise,"))
        let rows = CSVTable(widths.output).rows
        #expect(rows.count == 24 * (3 + 2))
        // A network has one width, which is then the best.
        #expect(rows.filter { $0["model"] == "network" }.allSatisfy { $0["best"] == "12" })
        #expect(rows.allSatisfy { $0["gain_over_teacher"] == "" })
        let by = try best("--by", "depth", "--at", "teacher_noise=1", "--at", "steps=40", "--csv")
        let depths = CSVTable(by.output).rows
        #expect(depths.map { $0["depth"]! } == ["1", "2"], "\(by.output)\(by.errors)")
        #expect(depths.allSatisfy { $0["width"] == "inf" && $0["steps"] == "40" })
        #expect(depths.allSatisfy { $0["teacher_noise"] == "1.0" && $0["sample_size"] == "40" })
        let models = try best("--axis", "model", "--by", "steps", "--at", "width=12", "--csv")
        #expect(
            CSVTable(models.output).rows.map { $0["steps"]! } == ["5", "40"],
            "\(models.output)\(models.errors)")
    }

    @Test(
        "What can't be asked is refused, with what could be",
        arguments: [
            (
                ["--axis", "ridge"],
                "--axis ridge: it has only one value; axes with several are width, model"
            ),
            (["--axis", "seed"], "seed"), (["--metric", "student_eror"], "student_error"),
            (["--by", "soft_ratio"], "--by soft_ratio: that is the axis"),
            (["--by", "ridge"], "--by ridge: it has only one value"),
            (["--at", "width=13"], "--at width=13: the sweep has 12, ∞"),
            (["--at", "model=network", "--at", "steps=inf"], "a network needs finite steps"),
            (["--by", "depth", "--at", "width=12,inf"], "--at width"),
            (["--csv", "--json"], "not both"),
        ])
    func refusals(arguments: [String], words: String) throws {
        let refused = try Command(["best", "s"] + arguments, in: workspace.folder).wait()
        #expect(refused.status == 2 && refused.output == "")
        #expect(refused.errors.contains(words), "\(refused.errors)")
    }

    @Test("A folder without results, and one without the metric")
    func nothing() throws {
        let none = try workspace.run("best", "nowhere")
        #expect(none.status == 2 && none.errors.contains("nowhere"))
        try workspace.write(
            "norms.yaml", Self.sweep.replacing("grid:", with: "metrics: [weight_norm]\ngrid:"))
        let run = try workspace.run("run", "norms.yaml")
        #expect(run.output == "results/norms/cells.csv\nresults/norms/summary.csv\n")
        let refused = try workspace.run("best", "norms")
        #expect(refused.status == 2, "\(refused.output)")
        #expect(
            refused.errors.contains("--metric student_error: the results have weight_norm"),
            "\(refused.errors)")
        #expect(try workspace.run("best", "norms", "--metric", "weight_norm").status == 0)
    }

    @Test("Means are shown with two digits of their error")
    func words() {
        #expect(
            BestReport.words(.init(mean: 0.013461, error: 0.000312, seeds: 9))
                == "0.01346 ± 0.00031")
        #expect(BestReport.words(.init(mean: 12.3456, error: 1.26, seeds: 9)) == "12.3 ± 1.3")
        #expect(BestReport.words(.init(mean: 1234.5, error: 260, seeds: 9)) == "1234 ± 260")
        #expect(BestReport.words(.init(mean: 0.25, error: 0, seeds: 9)) == "0.25 ± 0")
        #expect(BestReport.words(.init(mean: 0.25, error: .nan, seeds: 1)) == "0.25")
    }
}
