import ArgumentParser
import Distillation
import Foundation
import Sweep

/// The peak memory of a process that solves one task at N = 8192, against what the cost model says.
func memoryFigure() throws -> [Measurement] {
    try [Width.infinite, .finite(1024)].map { width in
        let folder = try Scratch()
        let file = try folder.write(
            "large.yaml",
            """
            task: {kind: gaussian-mixture, dimension: 32, components: 8, spread: 0.5, separation: 2}
            oracle_samples: 8192
            test_samples: 2048
            grid:
              width: \(width)
              sample_size: [512, 8192]
              soft_ratio: {from: 0, to: 1, count: 11}
              teacher_noise: {from: 0, to: 1, count: 9}
              depth: 3
              seed: 0
            """)
        let sweep = try Sweep(file: file)
        let modelled = sweep.cost(of: sweep.tasks[0]).memory
        let output = try Program.errand.run(["memory-errand", file.path], in: folder).output
        guard let peak = Double(output.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw Program.Failure(description: "not a number: \(output)")
        }
        return Measurement(
            what: "peak memory of a task, N = 8192, width \(width)",
            ours: "\(rounded(peak / 1e6)) MB",
            other: "\(rounded(modelled / 1e6)) MB by the cost model", ratio: peak / modelled,
            target: .atMost(1.1))
    }
}

/// Solves the sweep's first task and prints the process' peak memory in bytes.
struct MemoryErrand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "memory-errand", shouldDisplay: false)

    @Argument var file: String

    func run() throws {
        let sweep = try Sweep(file: URL(filePath: file))
        let rows = try BlockSolver(sweep: sweep, threads: 2).solve(sweep.tasks[0])
        precondition(rows.allSatisfy { $0.status == .ok }, "the task is solved")
        print(peakMemory())
    }
}
