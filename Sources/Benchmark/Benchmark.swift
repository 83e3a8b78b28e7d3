import ArgumentParser
import Foundation
import LinearAlgebra

/// Measures whether kdsweep is as fast as promised. Started by `cluster/bench`, from a release build.
@main
struct Benchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures kdsweep against a limit or a rival, and prints a line for each figure.",
        discussion: """
            Each ratio is between two timings of the same run, so that it depends little on the machine \
            and its other work. Ends with exit code 1 if a target is missed.
            """,
        subcommands: [
            PlanErrand.self, MemoryErrand.self, WorkErrand.self, EchoErrand.self, TableErrand.self,
        ])

    @Option(
        parsing: .upToNextOption,
        help: "These figures only: \(Figure.allCases.map(\.rawValue).joined(separator: ", ")).")
    var only: [Figure] = []

    @Option(help: "Where the table goes as CSV.", completion: .file(extensions: ["csv"]))
    var csv = "results/bench.csv"

    @Flag(help: "Fail only if a ratio misses its target by more than half: for noisy machines.")
    var lenient = false

    func run() throws {
        BLASPatience.bound()
        let file = URL(filePath: csv)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        print(Measurement.header)
        var measurements: [Measurement] = []
        for figure in Figure.allCases where only.isEmpty || only.contains(figure) {
            for measurement in try figure.measure() {
                print(measurement.line)
                measurements.append(measurement)
            }
        }
        let lines = [Measurement.csvHeader] + measurements.map(\.csvLine)
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
        let tolerance = lenient ? 1.5 : 1
        let judged = measurements.filter { !(lenient && $0.isAbsolute) }
        guard judged.allSatisfy({ $0.isMet(tolerance: tolerance) }) else {
            throw ExitCode.failure
        }
    }
}

enum Figure: String, CaseIterable, ExpressibleByArgument {
    /// A block of a student of infinite width, and of width 1024.
    case infinite, finite
    /// What the verification of such blocks costs.
    case verification
    /// What an event costs the scheduler, in a large run against a small one.
    case scheduler
    /// The infinite kernel alone, and normal numbers alone.
    case kernel, normals
    /// Steps of gradient descent.
    case training
    /// What a hundred times as many right-hand sides cost.
    case cells
    /// What a second worker brings; empty tasks through the coordinator; rows stored, and exported.
    case workers, tasks, rows, export
    /// What eight viewers of a dashboard cost a coordinator.
    case dashboard
    /// A large plan, a small run, the end of one that is interrupted, and the peak memory of a large task.
    case plan, start, interrupt, memory
    /// A large table, read and checked.
    case table
    /// What plans expect against what runs take.
    case estimate

    func measure() throws -> [Measurement] {
        switch self {
        case .infinite: [try blockOverhead(width: .infinite)]
        case .finite: [try blockOverhead(width: .finite(1024))]
        case .verification:
            [
                try verificationCost(width: .infinite), try verificationCost(width: .finite(256)),
            ]
        case .scheduler: [schedulerGrowth(workers: 10_000, tasks: 100_000)]
        case .kernel: kernelFigure()
        case .normals: normalsFigure()
        case .training: try trainingFigure()
        case .cells: [try cellScaling()]
        case .workers: [try workersFigure()]
        case .tasks: [try tasksFigure()]
        case .rows: [try rowsFigure()]
        case .export: [try exportFigure()]
        case .dashboard: [try dashboardFigure()]
        case .plan: try planFigure()
        case .start: [try startFigure()]
        case .interrupt: [try interruptFigure()]
        case .memory: try memoryFigure()
        case .table: try tableFigure()
        case .estimate: try estimateFigure()
        }
    }
}
