import Foundation
import Sweep
import Testing
import Waiting

struct MemoryTests {
    @Test(
        "A worker's peak stays within the cost model's",
        arguments: [
            "width: infinite", "width: 600", "width: 40, activation: erf",
            "width: 700, ridge: [0, 1]", "width: [40; 600; infinite; 300]",
        ])
    func peak(parameters: String) throws {
        let workspace = try Workspace()
        let isErf = parameters.contains("erf")
        try workspace.write(
            "large.yaml",
            """
            task: {kind: gaussian-mixture, dimension: 16, components: 8, spread: 0.5, separation: 2}
            student: {activation: \(isErf ? "erf" : "relu")}
            oracle_samples: 1600
            test_samples: 600
            grid:
              \(parameters.split(separator: ",")[0].replacing(";", with: ","))
              sample_size: [100, 400, 1600]
              soft_ratio: {from: 0, to: 1, count: 30}
              teacher_noise: [0, 1, 2, 3, 4]
              ridge: \(parameters.contains("ridge") ? "[0, 1]" : "0")
              depth: 3
              seed: 0
            """)
        let file = workspace.folder.appendingPathComponent("large.yaml")
        let sweep = try Sweep(file: file)
        let tasks = sweep.tasks
        let limit = (0..<tasks.count).map { sweep.cost(of: tasks[$0]).memory }.max()!
        let command = try Command(["run", file.path, "--workers", "1"], in: workspace.folder)
        var peak = 0.0
        try eventually(within: .seconds(60)) {
            for worker in command.workers { peak = max(peak, Self.peak(of: worker)) }
            return workspace.exists("results/large/cells.csv")
        }
        #expect(try command.wait().status == 0)
        print("\(parameters): a peak of \(Int(peak / 1e6)) MB, \(Int(limit / 1e6)) MB allowed")
        #expect(peak > 0.4 * limit, "the model is of no use if it is far too large")
        #expect(peak <= limit)
    }

    /// Bytes that were resident at most so far; 0 for a process that is gone.
    private static func peak(of pid: pid_t) -> Double {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(separator: " ").dropFirst().first).flatMap { Double($0) }
            .map { $0 * 1024 } ?? 0
    }
}
