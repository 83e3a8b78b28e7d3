import Foundation
import Sweep
import Testing
import Waiting

struct SliceTests {
    /// 500 right-hand sides of a small kernel: each block is worth slicing.
    private static let sweep = """
        task: {kind: gaussian-mixture, dimension: 3, components: 4, spread: 0.5, separation: 2}
        teacher: {noise: gaussian}
        oracle_samples: 160
        test_samples: 40
        grid:
          width: infinite
          sample_size: 160
          soft_ratio: {from: 0, to: 1, count: 125}
          teacher_noise: [0, 1]
          temperature: [1, 4]
          depth: 1
          seed: [0, 1]
        metrics: [transfer_risk, weight_norm, oracle_angle, train_residual]
        """

    @Test("A sliced sweep has the same bytes with one, two and three workers, and resumed")
    func bytes() throws {
        let workspace = try Workspace()
        try workspace.write("sliced.yaml", Self.sweep)
        let file = workspace.folder.appendingPathComponent("sliced.yaml")
        let sweep = try Sweep(file: file)
        let tasks = sweep.tasks.count
        #expect(tasks >= 2 * sweep.blockCount)
        var csvs: [[String]] = []
        for workers in 1...3 {
            let run = try workspace.run(
                "run", "sliced.yaml", "--workers", "\(workers)", "--output", "\(workers)")
            #expect(run.status == 0, "\(run.errors)")
            csvs.append(try workspace.csvs("\(workers)"))
            let stored = try StoredTasks(workspace.folder.appendingPathComponent("\(workers)"))
            #expect(stored.tasks.map(\.block).sorted() == Array(0..<tasks))
            #expect(stored.cells == sweep.grid.count && stored.rows == sweep.grid.count)
        }
        let results = workspace.folder.appendingPathComponent("resumed")
        let command = try Command(
            ["run", "sliced.yaml", "--workers", "2", "--output", "resumed"], in: workspace.folder)
        try eventually { StoredTasks.count(results) >= 1 }
        command.signal(SIGKILL)
        _ = try command.wait()
        let last = try workspace.run("run", "sliced.yaml", "--output", "resumed")
        #expect(last.status == 0, "\(last.errors)")
        #expect(try StoredTasks(results).tasks.map(\.block).sorted() == Array(0..<tasks))
        csvs.append(try workspace.csvs("resumed"))
        #expect(csvs.allSatisfy { $0 == csvs[0] })
        #expect(CSVTable(csvs[0][0]).rows.count == sweep.grid.count)
    }
}
