import Foundation
import GRDB
import LinearAlgebra
import Results
import Testing
import Waiting

@testable import kdsweep

/// Processors of other types give other last digits.
@Suite(.ownThread, .serialized, .timeLimit(.minutes(5))) struct ProcessorTests {
    @Test("The first mixture is told, with its types; what is unknown has none")
    func firstMixture() throws {
        let epyc = try #require(ProcessorType(name: "AMD EPYC", blas: "OpenBLAS 0.3.21 Zen"))
        let xeon = try #require(ProcessorType(name: "Intel Xeon", blas: "OpenBLAS 0.3.21 SkylakeX"))
        let other = try #require(ProcessorType(name: "AMD EPYC", blas: "OpenBLAS 0.3.26 Zen"))
        #expect(ProcessorType(name: "", blas: "") == nil)
        var types = ProcessorTypes()
        #expect(types.note([]) == nil)
        #expect(types.note([xeon, xeon]) == nil)
        #expect(types.note([xeon]) == nil)
        #expect(
            types.note([epyc]) == """
                results come from different processors, whose last digits differ: \
                AMD EPYC (OpenBLAS 0.3.21 Zen), Intel Xeon (OpenBLAS 0.3.21 SkylakeX)
                """)
        #expect(types.note([xeon, epyc]) == nil)
        #expect(types.note([other]) == nil)
        var sameProcessor = ProcessorTypes()
        #expect(sameProcessor.note([epyc, other]) != nil)
    }

    /// Kernels for every present processor of the architecture, and others than OpenBLAS chooses here: of a
    /// processor that is newer than itself it takes the oldest ones.
    private static let oldKernels: String = {
        #if arch(arm64)
            "armv8"
        #else
            blasName().lowercased().hasSuffix(" prescott") ? "nehalem" : "prescott"
        #endif
    }()

    @Test("A run says once that its results are of different processors; the store says which are")
    func mixed() throws {
        let network = try Network()
        let coordinator = try network.startCoordinator()
        let workers = [
            try network.startWorker(),
            try Command(
                ["worker"], in: network.workspace.folder,
                environment: ["OPENBLAS_CORETYPE": Self.oldKernels]),
        ]
        let brake = Brake(workers.map(\.pid))
        defer { brake.release() }
        try eventually { (try? StoredTasks(network.results).workers) == 2 }
        brake.release()
        let run = try coordinator.wait()
        #expect(run.status == 0, "\(run.errors)")
        let stored = try processors(of: network.results)
        #expect(stored.count == 2 && stored[0].1 != stored[1].1, "\(stored)")
        #expect(stored.contains { $0.1.lowercased().hasSuffix(" \(Self.oldKernels)") }, "\(stored)")
        let types = stored.map { "\($0.0) (\($0.1))" }.joined(separator: ", ")
        #expect(
            warnings(of: run) == [
                "warning: results come from different processors, whose last digits differ: \(types)"
            ])
        // What is stored already counts as well.
        let again = try network.workspace.run("run", "sweep.yaml")
        #expect(again.status == 0 && warnings(of: again) == warnings(of: run), "\(again.errors)")
        for worker in workers { #expect(warnings(of: try worker.wait()).isEmpty) }
    }

    @Test("Nothing is said of processors of one type")
    func one() throws {
        let workspace = try Workspace()
        try workspace.write("sweep.yaml", fortyTasks)
        let run = try workspace.run("run", "sweep.yaml", "--workers", "2")
        #expect(run.status == 0 && warnings(of: run).isEmpty, "\(run.errors)")
        let stored = try processors(of: workspace.folder.appendingPathComponent("results/sweep"))
        #expect(stored.count == 1 && stored[0].1.hasPrefix("OpenBLAS "), "\(stored)")
    }

    private func warnings(of run: Command.Result) -> [Substring] {
        run.errors.split(separator: "\n").filter { $0.contains("different processors") }
    }

    /// The types of processors and their BLAS, as the rows of a store have them.
    private func processors(of results: URL) throws -> [(String, String)] {
        var configuration = Configuration()
        configuration.readonly = true
        let path = results.appendingPathComponent("sweep.sqlite").path
        return try DatabaseQueue(path: path, configuration: configuration).read {
            try Row.fetchAll($0, sql: "SELECT DISTINCT processor, blas FROM cells ORDER BY 1, 2")
                .map { ($0[0], $0[1]) }
        }
    }
}
