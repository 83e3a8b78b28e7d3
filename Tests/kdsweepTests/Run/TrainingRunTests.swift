import Foundation
import Testing
import Waiting

/// Runs of sweeps that train: whatever happens to the workers, the same bytes.
struct TrainingRunTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    private var results: URL { workspace.folder.appendingPathComponent("results/trained") }

    /// Networks and linearised students of two widths and seeds, in slices.
    private func sweep(steps: String = "[30, 3000, inf]", rate: String = "0.3") -> String {
        """
        task: {kind: gaussian-mixture, dimension: 4, components: 8, spread: 0.5, separation: 2, seed: 1}
        training: {learning_rate: \(rate)}
        oracle_samples: 64
        test_samples: 100
        grid:
          width: [8, 24, inf]
          model: [linearised, network]
          steps: \(steps)
          sample_size: [16, 64]
          soft_ratio: [0, 0.4, 1]
          teacher_noise: [0, 1]
          depth: 2
          seed: [0, 1]
        """
    }

    /// 2 seeds x 12 right-hand sides and sizes x (3 widths x (steps) + 2 widths x finite steps of networks).
    private func cells(finite: Int, limit: Bool) -> Int {
        2 * 12 * (3 * (finite + (limit ? 1 : 0)) + 2 * finite)
    }

    private func run(_ text: String, workers: Int = 2) throws -> Command.Result {
        try workspace.write("trained.yaml", text)
        return try workspace.run("run", "trained.yaml", "--workers", "\(workers)")
    }

    @Test("One, two and three workers write the same bytes, and only cells that exist have rows")
    func workers() throws {
        var all: [[String]] = []
        for workers in 1...3 {
            let result = try run(sweep(), workers: workers)
            #expect(result.status == 0, "\(result.errors)")
            all.append(try workspace.csvs("results/trained"))
            try FileManager.default.removeItem(at: results)
        }
        #expect(all[0] == all[1] && all[0] == all[2])
        let rows = CSVTable(all[0][0]).rows
        #expect(rows.count == cells(finite: 2, limit: true))
        #expect(
            !rows.contains {
                $0["model"] == "network" && ($0["steps"] == "inf" || $0["width"] == "inf")
            })
        #expect(CSVTable(all[0][1]).rows.count == rows.count / 2)
    }

    @Test("A worker that is killed amid a training costs that task only")
    func killed() throws {
        try workspace.write("trained.yaml", sweep())
        #expect(try workspace.run("run", "trained.yaml", "--output", "whole").status == 0)
        let command = try Command(["run", "trained.yaml", "--workers", "2"], in: workspace.folder)
        var workers: [pid_t] = []
        try eventually {
            workers = command.workers
            return workers.count == 2
        }
        let brake = Brake(workers)
        defer { brake.release() }
        try eventually { StoredTasks.count(results) >= 1 }
        kill(workers[0], SIGKILL)
        brake.release()
        let result = try command.wait()
        #expect(result.status == 0, "\(result.errors)")
        #expect(try workspace.csvs("results/trained") == workspace.csvs("whole"))
        let stored = try StoredTasks(results)
        #expect(stored.cells == stored.rows, "nothing was stored twice")
    }

    @Test(
        "A training that would last for hours is interrupted within two seconds, and plan knows of it"
    )
    func interrupted() throws {
        try workspace.write("trained.yaml", sweep(steps: "[100000000]"))
        let plan = try workspace.run("plan", "trained.yaml")
        #expect(plan.status == 0 && plan.output.contains("training"), "\(plan.errors)")
        #expect(plan.output.contains(" h "), "\(plan.output)")
        let command = try Command(["run", "trained.yaml", "--workers", "2"], in: workspace.folder)
        try eventually { command.workers.count == 2 }
        // Long enough for the workers to begin, and for a silence to be noticed if there were one.
        Thread.sleep(forTimeInterval: 3)
        let asked = ContinuousClock.now
        command.signal(SIGINT)
        let result = try command.wait()
        #expect(result.status == 130, "\(result.errors)")
        #expect(ContinuousClock.now - asked < .soon)
        #expect(!result.errors.contains("silent"), "\(result.errors)")
        #expect(StoredTasks.count(results) == 0)
    }

    @Test("The axis of steps grows: what is stored isn't computed anew, and its rows stay")
    func growth() throws {
        #expect(try run(sweep(steps: "[30, inf]")).status == 0)
        let before = CSVTable(try workspace.read("results/trained/cells.csv")).rows
        #expect(before.count == cells(finite: 1, limit: true))
        let grown = try run(sweep(steps: "[30, 300, inf]"))
        #expect(grown.status == 0, "\(grown.errors)")
        #expect(grown.errors.contains("\(before.count) were stored already"), "\(grown.errors)")
        #expect(try StoredTasks(results).cells == cells(finite: 2, limit: true))
        let after = CSVTable(try workspace.read("results/trained/cells.csv")).rows
        #expect(after.filter { $0["steps"] != "300" } == before)
    }

    @Test("Diverged cells are no failure, are counted with what to lower, and aren't tried again")
    func diverged() throws {
        let first = try run(sweep(steps: "[100, inf]", rate: "40"))
        #expect(first.status == 0, "\(first.errors)")
        #expect(
            first.errors.contains(" diverged") && first.errors.contains("training.learning_rate"))
        let rows = CSVTable(try workspace.read("results/trained/cells.csv")).rows
        let diverged = rows.filter { $0["status"] == "diverged" }
        #expect(!diverged.isEmpty && diverged.allSatisfy { $0["steps"] == "100" })
        for row in diverged { #expect(row["teacher_error"] != "" && row["student_error"] == "") }
        let again = try run(sweep(steps: "[100, inf]", rate: "40"))
        #expect(again.errors.contains("\(rows.count) were stored already"), "\(again.errors)")
        let export = try workspace.run("export", "results/trained")
        #expect(export.errors.contains("\(diverged.count) diverged"), "\(export.errors)")
    }
}
