import Foundation
import Testing
import Waiting

@testable import kdsweep

/// A plan's time against what the run takes.
///
/// Both in processor time, as other tests have the processors too: a plan is a sum of it but for the
/// start, and a shell tells what its children took. What else the machine does still changes how fast a
/// processor is, through what the caches and the cores share. So each run is right after its plan, and the
/// median of five such pairs has to be within the factor that cluster/README.md promises: two of the five may
/// be off because the load changed between the plan and its run.
@Suite(.ownThread, .serialized)
struct EstimateTests {
    private static let sweeps = [
        "relu": """
        task: {kind: gaussian-mixture, dimension: 4, components: 8, spread: 0.5, separation: 2}
        oracle_samples: 1024
        test_samples: 1000
        grid: {width: [64, infinite], sample_size: [16, 100, 800], soft_ratio: [0, 0.1, 0.4, 1], teacher_noise: [0, 1], depth: 3, seed: {from: 0, to: 7, count: 8}}
        """,
        "erf": """
        task: {kind: gaussian-mixture, dimension: 10, components: 4, spread: 0.5, separation: 2}
        student: {activation: erf}
        teacher: {noise: flip}
        oracle_samples: 400
        test_samples: 600
        grid: {width: [128, infinite], sample_size: [50, 400], soft_ratio: {from: 0, to: 1, count: 20}, teacher_noise: [0, 0.2], ridge: [0, 0.01], depth: 2, seed: {from: 0, to: 11, count: 12}}
        """,
        "small": """
        task: {kind: gaussian-mixture, dimension: 4, components: 8, spread: 0.5, separation: 2}
        oracle_samples: 256
        test_samples: 200
        grid: {width: [48, infinite], sample_size: [20, 80, 250], soft_ratio: [0, 0.2, 1], teacher_noise: [0, 1], depth: 2, seed: {from: 0, to: 149, count: 150}}
        """,
        "stopped": """
        task: {kind: gaussian-mixture, dimension: 6, components: 8, spread: 0.5, separation: 2}
        oracle_samples: 256
        test_samples: 500
        grid: {width: [64, inf], steps: [100, 1000, inf], sample_size: [16, 64, 256], soft_ratio: {from: 0, to: 1, count: 7}, teacher_noise: [0, 1], depth: 1, seed: {from: 0, to: 3, count: 4}}
        """,
        "networks": """
        task: {kind: gaussian-mixture, dimension: 6, components: 8, spread: 0.5, separation: 2}
        metrics: all
        oracle_samples: 128
        test_samples: 200
        grid: {model: network, width: [8, 32, 128], steps: [10, 100], sample_size: [20, 128], soft_ratio: [0, 0.3, 1], teacher_noise: [0, 1], depth: 2, seed: {from: 0, to: 3, count: 4}}
        """,
        "table": """
        task: {kind: table, file: t.csv}
        teacher: {noise: gaussian}
        oracle_samples: 200
        test_samples: 200
        grid: {width: infinite, sample_size: [50, 200], soft_ratio: [0, 1], teacher_noise: 0, depth: 1, seed: [0, 1]}
        """,
    ]

    /// Of some megabytes, so that a run of it is mostly its reading.
    private static var table: String {
        let features = 0..<100
        let rows = (0..<2500).map { row in
            let numbers = features.map { "\(sin(Double(row * 100 + $0)))" }.joined(separator: ",")
            return "\(numbers),\(row % 2),\(cos(Double(row)))"
        }
        let header = features.map { "x\($0)" }.joined(separator: ",") + ",label,teacher_logit"
        return ([header] + rows).joined(separator: "\n")
    }

    /// A task for each of two workers, and next to nothing in it.
    private static let nothing = """
        task: {kind: gaussian-mixture, dimension: 2, components: 2, spread: 0.5, separation: 2}
        oracle_samples: 2
        test_samples: 2
        grid: {width: infinite, sample_size: 2, soft_ratio: 0, depth: 1, teacher_noise: 0, seed: [0, 1]}
        """

    @Test("The median of five is within a factor of 1.5", arguments: sweeps.keys.sorted())
    func ratio(name: String) throws {
        let workspace = try Workspace()
        try workspace.write("sweep.yaml", Self.sweeps[name]!)
        try workspace.write("nothing.yaml", Self.nothing)
        if name == "table" { try workspace.write("t.csv", Self.table) }
        let promise = 1 / 1.5...1.5
        var ratios: [Double] = []
        // Three within it settle where the median of five is.
        for attempt in 0..<5 where ratios.count(where: promise.contains) < 3 {
            let plan = try workspace.run("plan", "sweep.yaml", "--measure", "--json")
            try #require(plan.status == 0, "\(plan.errors)")
            let summary = try JSONDecoder.ofCommands.decode(
                Forecast.Summary.self, from: Data(plan.output.utf8))
            let expected = summary.parts.filter { $0.name != "starting" }
                .reduce(0) { $0 + $1.seconds }
            let taken = try processorTime(of: "sweep.yaml", in: workspace, "out\(attempt)")
            let start = try processorTime(of: "nothing.yaml", in: workspace, "start\(attempt)")
            ratios.append((taken - start) / expected)
        }
        print("\(name): a run took \(ratios) times what its plan said")
        #expect(
            ratios.count(where: promise.contains) == 3 || promise.contains(ratios.sorted()[2]),
            "\(ratios)")
    }

    /// Seconds of a run and its workers.
    private func processorTime(
        of sweep: String, in workspace: Workspace, _ output: String
    ) throws -> Double {
        let run = try Command(
            ["-c", "\"$KDSWEEP\" run \(sweep) --output \(output) >/dev/null && times"],
            in: workspace.folder, executable: URL(filePath: "/bin/sh"),
            environment: ["KDSWEEP": Command.executable.path]
        ).wait()
        try #require(run.status == 0, "\(run.errors)")
        // The second line has the children's, `0m1.230s 0m0.120s`.
        let times = run.output.split(separator: "\n").last ?? ""
        return try times.split(separator: " ").reduce(0) { sum, time in
            let parts = time.dropLast().split(separator: "m").compactMap { Double($0) }
            try #require(parts.count == 2, "\(run.output)")
            return sum + 60 * parts[0] + parts[1]
        }
    }
}
