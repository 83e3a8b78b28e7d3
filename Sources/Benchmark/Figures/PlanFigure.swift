import ArgumentParser
import Foundation
import Sweep

/// What a run does before its first task, for 9,999,000 cells against 10,000: it parses the sweep file, narrows
/// every task to the cells that aren't stored, and computes its cost.
func planFigure() throws -> [Measurement] {
    let folder = try Scratch()
    func sweep(_ name: String, sizes: Int, softRatios: Int, noises: Int) throws -> URL {
        try folder.write(
            name,
            """
            task: {kind: gaussian-mixture, dimension: 8, components: 4, spread: 0.5, separation: 2}
            oracle_samples: 4096
            test_samples: 1024
            grid:
              width: [16, 32, 64, 128, 256, 512, 1024, 2048, 4096, infinite]
              sample_size: {from: 16, to: 4000, count: \(sizes)}
              soft_ratio: {from: 0, to: 1, count: \(softRatios)}
              teacher_noise: {from: 0, to: 2, count: \(noises)}
              depth: 3
              seed: 0
            """)
    }
    func measure(_ file: URL) throws -> (seconds: Double, peak: Double) {
        var best = (seconds: Double.infinity, peak: 0.0)
        for _ in 0..<3 {
            let output = try Program.errand.run(["plan-errand", file.path], in: folder).output
            let numbers = output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
            best = (min(best.seconds, numbers[0]), max(best.peak, numbers[1]))
        }
        return best
    }
    let small = try measure(try sweep("small.yaml", sizes: 10, softRatios: 10, noises: 10))
    let large = try measure(try sweep("large.yaml", sizes: 100, softRatios: 101, noises: 99))
    return [
        Measurement(
            what: "a plan of 9,999,000 cells", ours: "\(rounded(large.seconds * 1e3)) ms",
            other: "\(rounded(small.seconds * 1e3)) ms, of 10,000 cells",
            ratio: large.seconds / small.seconds, target: .atMost(300)),
        Measurement(
            what: "its memory", ours: "\(rounded(large.peak / 1e6)) MB", other: "1 GB",
            ratio: large.peak / 1e9, target: .atMost(1)),
    ]
}

/// Does that for one sweep, and prints the seconds and the peak memory in bytes.
struct PlanErrand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan-errand", shouldDisplay: false)

    @Argument var file: String

    func run() throws {
        var (cells, work) = (0, 0.0)
        var sweep: Sweep?
        let time = try wallTime {
            let plan = try Sweep(file: URL(filePath: file))
            let tasks = plan.tasks
            for number in 0..<tasks.count {
                guard let task = tasks[number].narrowed(to: { _ in true }) else { continue }
                cells += task.wantedCount
                work += plan.cost(of: task).work
            }
            sweep = plan
        }
        precondition(cells == sweep?.grid.count && work > 0, "the plan is of every cell")
        print(time / .seconds(1), peakMemory())
    }
}
