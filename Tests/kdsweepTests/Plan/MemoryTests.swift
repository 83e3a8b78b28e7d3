import Foundation
import Sweep
import Testing
import Waiting

struct MemoryTests {
    /// What a sweep with large matrices has of its own: lines of the file, and lines of its grid.
    struct Case: CustomStringConvertible, Sendable {
        var settings = ""
        var grid: String
        var sizes = "[100, 400, 1600]"
        var softRatios = 30

        var description: String { settings.isEmpty ? grid : "\(settings); \(grid)" }

        var text: String {
            """
            task: {kind: gaussian-mixture, dimension: 16, components: 8, spread: 0.5, separation: 2}
            \(settings)
            oracle_samples: 1600
            test_samples: 600
            grid:
              \(grid.replacing("; ", with: "\n  "))
              sample_size: \(sizes)
              soft_ratio: {from: 0, to: 1, count: \(softRatios)}
              teacher_noise: [0, 1, 2, 3, 4]
              depth: 3
              seed: 0
            """
        }

        static let all = [
            Case(grid: "width: inf"), Case(grid: "width: 600"),
            Case(settings: "student: {activation: erf}", grid: "width: 40"),
            Case(grid: "width: 700; ridge: [0, 1]"), Case(grid: "width: [40, 600, inf, 300]"),
            Case(grid: "width: inf; steps: [2, inf]", softRatios: 10),
            Case(settings: "metrics: all", grid: "width: 300; steps: [1, 2]", sizes: "[100, 800]"),
            Case(
                grid: "model: network; width: 600; steps: [1, 2]", sizes: "[10, 20]", softRatios: 3),
            Case(
                settings: "metrics: all", grid: "model: network; width: 40; steps: [1, 2]",
                sizes: "[10, 400]", softRatios: 8),
        ]
    }

    @Test("A worker's peak stays within the cost model's", arguments: Case.all)
    func peak(of large: Case) throws {
        let workspace = try Workspace()
        try workspace.write("large.yaml", large.text)
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
        print("\(large): a peak of \(Int(peak / 1e6)) MB, \(Int(limit / 1e6)) MB allowed")
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
