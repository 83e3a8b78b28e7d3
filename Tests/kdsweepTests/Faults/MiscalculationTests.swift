import Foundation
import Testing
import Waiting

/// Machines whose BLAS computes wrongly: made by a library that is loaded before it.
@Suite(.serialized, .timeLimit(.minutes(10)), .enabled(if: Clang.isThere))
struct MiscalculationTests {
    private let workspace: Workspace
    private let reference: [String]
    /// The library's path.
    private let library: String

    /// Of every kind of kernel, and with students that are trained.
    private static let sweep = """
        task: {kind: gaussian-mixture, dimension: 4, components: 8, spread: 0.5, separation: 2, seed: 1}
        training: {learning_rate: 0.3}
        oracle_samples: 128
        test_samples: 200
        grid:
          width: [32, inf]
          model: [linearised, network]
          steps: [30, inf]
          sample_size: [16, 100]
          soft_ratio: [0, 0.3, 1]
          teacher_noise: [0, 1]
          depth: 2
          seed: [0, 1, 2]
        """
    private static let undisturbed = Result {
        let workspace = try Workspace()
        try workspace.write("sweep.yaml", sweep)
        let run = try workspace.run("run", "sweep.yaml", "--workers", "2")
        try #require(run.status == 0, "\(run.errors)")
        #expect(!run.errors.contains("was wrong"), "a false alarm: \(run.errors)")
        return try workspace.csvs("results/sweep")
    }

    init() throws {
        workspace = try Workspace()
        reference = try Self.undisturbed.get()
        try workspace.write("sweep.yaml", Self.sweep)
        library = workspace.folder.appendingPathComponent("liar.so").path
        try Clang.compile(fixture("liar.c"), to: library)
    }

    private var count: URL { workspace.folder.appendingPathComponent("count") }

    /// How many results were spoilt.
    private var spoilt: Int { (try? Data(contentsOf: count).count) ?? 0 }

    private func run(period: Int, size: Double) throws -> Command.Result {
        try Command(
            ["run", "sweep.yaml", "--workers", "2"], in: workspace.folder,
            environment: [
                "LD_PRELOAD": library, "LIAR_PERIOD": "\(period)", "LIAR_SIZE": "\(size)",
                "LIAR_COUNT": count.path,
            ]
        ).wait()
    }

    @Test(
        "One result in thirty is spoilt: the same bytes, and what was wrong is said",
        arguments: [0.5, 1e-6])
    func seldom(size: Double) throws {
        let result = try run(period: 30, size: size)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try workspace.csvs("results/sweep") == reference)
        #expect(spoilt > 10)
        #expect(
            result.errors.contains(
                #/warning: a \w+ .* of OpenBLAS .* was wrong, .* times as far off/#),
            "\(result.errors)")
        #expect(result.errors.contains("computed again it was right"))
    }

    private static let olderKernels = {
        let processor = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
        return ["Prescott", "Nehalem"] + (processor?.contains(" avx2 ") == true ? ["Haswell"] : [])
    }()

    /// Kernels of other processors, where the machine chooses its own: some are told which ones to use since their own
    /// are wrong.
    @Test(
        "Right results of other kernels raise no alarm",
        .enabled(if: ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"] == nil),
        arguments: olderKernels)
    func otherKernels(kernels: String) throws {
        let result = try Command(
            ["run", "sweep.yaml", "--workers", "2"], in: workspace.folder,
            environment: ["OPENBLAS_CORETYPE": kernels]
        ).wait()
        #expect(result.status == 0 && !result.errors.contains("was wrong"), "\(result.errors)")
        let rows = CSVTable(try workspace.read("results/sweep/cells.csv")).rows
        #expect(rows.count == CSVTable(reference[0]).rows.count)
    }

    @Test(
        "Every result is spoilt: no results, what was wrong is said, and the run fails within a minute"
    )
    func always() throws {
        let begun = ContinuousClock.now
        let result = try run(period: 1, size: 0.5)
        #expect(result.status == 1, "\(result.errors)")
        #expect(ContinuousClock.now - begun < .seconds(60))
        #expect(
            result.errors.contains(#/a \w+ .* of OpenBLAS .* was wrong twice/#), "\(result.errors)")
        #expect(
            result.errors.contains("the run can't go on: this machine computes wrongly"),
            "\(result.errors)")
        #expect(!workspace.exists("results/sweep/cells.csv"))
        #expect(StoredTasks.count(workspace.folder.appendingPathComponent("results/sweep")) == 0)
        // Nothing of it is left: a run with a right BLAS has everything to do, and does it.
        let healed = try workspace.run("run", "sweep.yaml")
        #expect(healed.status == 0, "\(healed.errors)")
        #expect(try workspace.csvs("results/sweep") == reference)
    }
}
