import Foundation
import Sweep
import Testing

@Suite struct ResolvedYAMLTests {
    @Test(arguments: Fixtures.names(in: "good", ending: "yaml"))
    func readsBackToAnEqualSweep(name: String) throws {
        let sweep = try Sweep(file: Fixtures.url("good/\(name).yaml"))
        let text = sweep.resolvedYAML()
        #expect(try Fixtures.sweep(text, name: "elsewhere/another") == sweep)
        #expect(try Fixtures.sweep(text).resolvedYAML() == text)
    }

    @Test func defaultsAreWrittenOut() throws {
        let sweep = try Sweep(file: Fixtures.url("good/defaults.yaml"))
        let expected = """
            name: defaults

            task:
              kind: gaussian-mixture
              dimension: 10
              components: 8
              spread: 0.6
              separation: 1.5
              labels: deterministic
              seed: 0

            student:
              activation: relu
              weight_scale: 1.4142135623730951
              bias_scale: 0.1

            training:
              learning_rate: 0.3
              momentum: 0.9

            teacher:
              noise: smooth
              lengthscale: 1.0

            hard_label_smoothing: 0.001
            temperature_scaling: none
            oracle_samples: 2048
            test_samples: 2000

            grid:
              width: [inf]
              model: [linearised]
              steps: [inf]
              sample_size: [16]
              soft_ratio: [0.5]
              teacher_noise: [0.0]
              temperature: [1.0]
              depth: [3]
              ridge: [0.0]
              seed: [0]

            metrics: all

            """
        #expect(sweep.resolvedYAML() == expected)
    }

    @Test(arguments: ["2024", "1e3", "0x1F", "true", "null", "a.b-c_d"])
    func namesThatYAMLMightMisread(name: String) throws {
        var sweep = try Sweep(file: Fixtures.url("good/defaults.yaml"))
        sweep.name = name
        #expect(try Fixtures.sweep(sweep.resolvedYAML()) == sweep)
    }

    @Test func tablePathIsAbsoluteAndItsHashAComment() throws {
        let sweep = try Sweep(file: Fixtures.url("good/table.yaml"))
        guard case .table(let table) = sweep.settings.learningTask else {
            Issue.record("not a table")
            return
        }
        #expect(table.file.hasPrefix("/") && table.file.hasSuffix("/tables/quoted.csv"))
        let text = sweep.resolvedYAML()
        #expect(text.contains("\n  # SHA-256 of the file: \(table.digest)\n  file: "))
        #expect(text.contains("\n  features: [\" wide\", \"a \\\"b\\\" \\\\ c\"]\n"))
        #expect(text.contains("\n  teacher_logit: \"1\"\n"))
    }

    /// Column names that only an escape can spell.
    @Test func strangeColumnNames() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "kdsweep-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let names = [
            "\u{7F}", "é ü", "\u{85}", "\u{2028}", "🙂", "# x", "~", "tab\there", "b\u{FEFF}c",
        ]
        let csv =
            "label,teacher_logit," + names.joined(separator: ",")
            + "\n0,1,1,2,3,4,5,6,7,8,9\n1,1,1,2,3,4,5,6,7,8,9\n"
        try Data(csv.utf8).write(to: folder.appending(path: "some table.csv"))
        let text = """
            task: {kind: table, file: some table.csv}
            oracle_samples: 1
            test_samples: 1
            grid: {sample_size: 1, soft_ratio: 0.5}
            """
        let sweep = try Sweep(text: text, file: folder.appending(path: "strange.yaml"))
        guard case .table(let table) = sweep.settings.learningTask else {
            Issue.record("not a table")
            return
        }
        #expect(table.features == names)
        #expect(try Fixtures.sweep(sweep.resolvedYAML()) == sweep)
    }
}
