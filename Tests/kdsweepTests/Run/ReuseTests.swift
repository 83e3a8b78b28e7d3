import Foundation
import Testing

struct ReuseTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    private func sweep(
        sizes: String = "[10, 40]", seeds: String = "[0, 1]", metrics: String = "all",
        smoothing: String = "0.001", separation: String = "2"
    ) -> String {
        """
        task: {kind: gaussian-mixture, dimension: 3, components: 4, spread: 0.5, separation: \(separation)}
        hard_label_smoothing: \(smoothing)
        oracle_samples: 64
        test_samples: 50
        grid:
          width: infinite
          sample_size: \(sizes)
          soft_ratio: [0, 0.5, 1]
          teacher_noise: [0, 1]
          depth: 2
          seed: \(seeds)
        metrics: \(metrics)
        """
    }

    private func run(_ text: String) throws -> Command.Result {
        try workspace.write("grown.yaml", text)
        return try workspace.run("run", "grown.yaml", "--workers", "1")
    }

    private var stored: StoredTasks {
        get throws { try StoredTasks(workspace.folder.appendingPathComponent("results/grown")) }
    }

    @Test("An axis that grows costs its new cells only, and the others keep their rows")
    func axisGrows() throws {
        #expect(try run(sweep()).status == 0)
        let before = CSVTable(try workspace.read("results/grown/cells.csv")).rows
        #expect(try stored.cells == 2 * 2 * 6)
        let grown = try run(sweep(sizes: "[10, 20, 40]"))
        #expect(grown.status == 0 && grown.errors.contains("24 were stored already"))
        #expect(try stored.cells == 3 * 2 * 6)
        let after = CSVTable(try workspace.read("results/grown/cells.csv")).rows
        #expect(after.filter { $0["sample_size"] != "20" } == before)
        #expect(try run(sweep(sizes: "[10, 20, 40]", seeds: "[0, 1, 2]")).status == 0)
        #expect(try stored.cells == 3 * 3 * 6)
        // The rows of a grown sweep are those of a fresh one, within round-off.
        let fresh = try Workspace()
        try fresh.write("grown.yaml", sweep(sizes: "[10, 20, 40]", seeds: "[0, 1, 2]"))
        #expect(try fresh.run("run", "grown.yaml").status == 0)
        let (a, b) = (
            CSVTable(try workspace.read("results/grown/cells.csv")),
            CSVTable(try fresh.read("results/grown/cells.csv"))
        )
        #expect(a.faults(against: b, testSamples: 50).isEmpty)
    }

    @Test("An axis that shrinks computes nothing, and exports its own cells")
    func axisShrinks() throws {
        #expect(try run(sweep(sizes: "[10, 20, 40]")).status == 0)
        #expect(try run(sweep(sizes: "[40]")).status == 0)
        #expect(try stored.tasks.count == 2)
        #expect(CSVTable(try workspace.read("results/grown/cells.csv")).rows.count == 12)
    }

    @Test("Fewer metrics are reused, more are computed, another setting shares nothing")
    func settings() throws {
        #expect(try run(sweep(metrics: "[student_error, weight_norm]")).status == 0)
        #expect(try run(sweep(metrics: "[weight_norm]")).errors.contains("24 were stored already"))
        let header = CSVTable(try workspace.read("results/grown/cells.csv")).header
        #expect(header.suffix(3) == ["status", "weight_norm", "error"])
        #expect(try stored.cells == 24)
        #expect(try run(sweep()).status == 0)
        #expect(try stored.cells == 48)
        #expect(try run(sweep(smoothing: "0.002")).status == 0)
        #expect(try stored.cells == 72)
    }

    @Test("Cells that fail are rows with a reason, exit code 1, and tried again")
    func failures() throws {
        let first = try run(sweep(separation: "1e200"))
        #expect(first.status == 1)
        let rows = CSVTable(try workspace.read("results/grown/cells.csv")).rows
        #expect(rows.count == 24)
        #expect(rows.allSatisfy { $0["status"] == "failed" && $0["error"]!.contains("overflow") })
        #expect(rows.allSatisfy { $0["student_error"] == "" })
        let again = try run(sweep(separation: "1e200"))
        #expect(again.status == 1 && !again.errors.contains("stored already"))
        #expect(try stored.tasks.count == 4 && stored.rows == 24)
    }

    @Test("The sweep as run runs again and is the same sweep")
    func sweepAsRun() throws {
        let text = try String(contentsOf: fixture("table.yaml"), encoding: .utf8)
            .replacingOccurrences(of: "[50, 200, 800]", with: "[50]")
        try workspace.write("table.yaml", text)
        try FileManager.default.copyItem(
            at: fixture("digits.csv"), to: workspace.folder.appendingPathComponent("digits.csv"))
        #expect(try workspace.run("run", "table.yaml").status == 0)
        let asRun = try workspace.read("results/table/sweep.yaml")
        #expect(asRun.contains("SHA-256") && asRun.contains("\(workspace.folder.path)/digits.csv"))
        let cells = try workspace.csvs("results/table")
        let again = try workspace.run("run", "results/table/sweep.yaml", "--output", "again")
        #expect(again.status == 0, "\(again.errors)")
        #expect(try workspace.csvs("again") == cells)
        let same = try workspace.run(
            "run", "results/table/sweep.yaml", "--output", "results/table")
        #expect(same.errors.contains("16 were stored already"), "\(same.errors)")
    }
}
