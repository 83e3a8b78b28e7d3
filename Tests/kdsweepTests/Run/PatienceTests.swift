import Foundation
import Testing
import Waiting

/// OpenBLAS reads its patience from the environment when it is loaded: a worker has a short one,
/// however it was started.
struct PatienceTests {
    private func hasBoundPatience(_ pid: pid_t) -> Bool {
        let environment = try? Data(contentsOf: URL(filePath: "/proc/\(pid)/environ"))
        return (environment ?? Data()).split(separator: 0).map {
            String(decoding: $0, as: UTF8.self)
        }
        .contains("OPENBLAS_THREAD_TIMEOUT=16")
    }

    @Test("A worker started by hand starts itself anew with it")
    func byHand() throws {
        let network = try Network()
        let coordinator = try network.startCoordinator()
        let worker = try network.startWorker()
        try eventually { hasBoundPatience(worker.pid) }
        #expect(try worker.wait().status == 0)
        #expect(try coordinator.wait().status == 0)
        #expect(try network.workspace.csvs("results/sweep") == network.reference)
    }

    @Test("A run's own workers are started with it")
    func ofRun() throws {
        let network = try Network()
        let run = try Command(
            ["run", "sweep.yaml", "--workers", "1"], in: network.workspace.folder)
        try eventually { run.workers.contains(where: hasBoundPatience) }
        #expect(try run.wait().status == 0)
    }
}
