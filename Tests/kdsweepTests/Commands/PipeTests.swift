import Foundation
import Testing

@testable import kdsweep

/// A sweep that a shell makes on the fly: `kdsweep run <(sed s/4/5/ sweep.yaml)`.
struct PipeTests {
    private let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        let rows = (0..<12).map { "\($0 * 3),\($0 * $0 % 7),\($0 % 2),\(Double($0) - 6)" }
        try FileManager.default.createDirectory(
            at: workspace.folder.appendingPathComponent("sweeps"),
            withIntermediateDirectories: false)
        try workspace.write("t.csv", "a,b,label,teacher_logit\n" + rows.joined(separator: "\n"))
        try workspace.write("sweeps/named.yaml", "name: piped\n" + Self.text)
        try workspace.write("sweeps/nameless.yaml", Self.text)
    }

    private static let text = """
        task: {kind: table, file: t.csv}
        oracle_samples: 8
        test_samples: 4
        grid: {width: infinite, sample_size: 4, soft_ratio: 1, teacher_noise: 0, seed: [0, 1]}
        """

    private func shell(_ script: String) throws -> Command.Result {
        try Command(
            ["-c", script], in: workspace.folder, executable: URL(filePath: "/bin/bash"),
            environment: ["KDSWEEP": Command.executable.path]
        ).wait()
    }

    @Test("A run and a plan read it once; a table is looked for in the current folder")
    func named() throws {
        let run = try shell(#""$KDSWEEP" run --workers 1 <(sed s/4/4/ sweeps/named.yaml)"#)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("results/piped/cells.csv"), "\(run.output)")
        let resolved = try workspace.read("results/piped/sweep.yaml")
        #expect(resolved.contains("/t.csv"), "\(resolved)")
        let plan = try shell(#""$KDSWEEP" plan <(cat sweeps/named.yaml)"#)
        #expect(plan.status == 0, "\(plan.errors)")
        #expect(plan.output.contains("stored   all: a run would only"), "\(plan.output)")
        // As a file it is the same sweep.
        try workspace.write("named.yaml", "name: piped\n" + Self.text)
        let again = try workspace.run("run", "named.yaml")
        #expect(again.status == 0 && again.errors.contains("2 were stored"), "\(again.errors)")
    }

    @Test("Without a name it is refused, and asked for one", arguments: ["run", "plan"])
    func nameless(command: String) throws {
        let refused = try shell("\"$KDSWEEP\" \(command) <(cat sweeps/nameless.yaml)")
        #expect(refused.status == 2, "\(refused.errors)")
        #expect(
            refused.errors.contains("name: this sweep is read from a pipe, which has no name"),
            "\(refused.errors)")
        #expect(!workspace.exists("results"))
    }

    @Test("A table that isn't in the current folder is missed there")
    func elsewhere() throws {
        let refused = try shell(
            #""$KDSWEEP" plan <(sed s/t.csv/other.csv/ sweeps/named.yaml)"#)
        #expect(refused.status == 2, "\(refused.errors)")
        #expect(
            refused.errors.contains(
                "other.csv does not exist; give the path of a CSV file, seen from the current folder"
            ),
            "\(refused.errors)")
    }

    @Test("A column that can't be standardised is refused when the sweep is read")
    func far() throws {
        let rows = (0..<12).map { "\($0 * 3),\($0 == 5 ? "1e200" : "\($0)e-200"),\($0 % 2),1" }
        try workspace.write("t.csv", "a,b,label,teacher_logit\n" + rows.joined(separator: "\n"))
        try workspace.write(
            "far.yaml", Self.text.replacing("[0, 1]", with: "{from: 0, to: 19, count: 20}"))
        let refused = try workspace.run("run", "far.yaml")
        #expect(refused.status == 2, "\(refused.errors)")
        #expect(
            refused.errors.contains("t.csv: column b: a test row is so far from the other rows"),
            "\(refused.errors)")
        #expect(!workspace.exists("results"))
    }
}
