import Foundation
import Testing

enum IPv6 {
    /// Whether this machine can reach itself by IPv6.
    static let isThere: Bool = {
        let addresses = try? String(contentsOfFile: "/proc/net/if_inet6", encoding: .utf8)
        if addresses?.contains("00000000000000000000000000000001") == true { return true }
        FileHandle.standardError.write(Data("SKIPPED, the tests of IPv6: it isn't there\n".utf8))
        return false
    }()
}

/// Coordinators that listen on IPv6 addresses.
@Suite(.enabled(if: IPv6.isThere), .serialized, .timeLimit(.minutes(5))) struct IPv6Tests {
    private let network: Network

    init() throws { network = try Network() }

    private func checkComplete(_ coordinator: Command, _ workers: [Command]) throws {
        let run = try coordinator.wait()
        #expect(run.status == 0, "\(run.errors)")
        #expect(try network.workspace.csvs("results/sweep") == network.reference)
        for worker in workers {
            let ended = try worker.wait()
            #expect(ended.status == 0, "\(ended.errors)")
        }
    }

    @Test("A worker comes to an IPv6 address, and finds a coordinator there again")
    func loopback() throws {
        let first = try network.startCoordinator("tcp://[::1]:*")
        #expect(try network.access()["hosts"] as? [String] == ["::1"])
        let port = try network.port()
        #expect(first.errorsSoFar.contains("listening on tcp://[::1]:\(port)"))
        let (workers, brake) = try network.startSlowWorkers(1, untilStored: 2)
        first.signal(SIGKILL)
        brake.release()
        _ = try first.wait()
        let second = try network.startCoordinator("tcp://[::1]:*")
        #expect(try network.port() == port)
        try checkComplete(second, workers)
    }

    @Test("A coordinator on all addresses is reached by IPv6 and by IPv4")
    func both() throws {
        let coordinator = try network.startCoordinator("tcp://[::]:*")
        let listed = try #require(try network.access()["hosts"] as? [String])
        #expect(listed.contains("::1") && listed.contains("127.0.0.1"), "\(listed)")
        let workers = try ["::1", "127.0.0.1"].map { host in
            let content = try network.access().merging(["hosts": [host]]) { $1 }
            let name = "only-\(host).json"
            try JSONSerialization.data(withJSONObject: content)
                .write(to: network.workspace.folder.appendingPathComponent(name))
            return try network.startWorker("--access", name)
        }
        try checkComplete(coordinator, workers)
        #expect(try StoredTasks(network.results).workers == 2)
    }

    @Test("Where nobody listens, the address is said as it is written")
    func refused() throws {
        let coordinator = try network.startCoordinator()
        let run = try network.runWorker(
            changing: ["hosts": ["::1"]], "--idle-timeout", "1")
        let port = try network.port()
        #expect(run.status == 0)
        #expect(run.errors.contains("[::1]:\(port): connection refused"), "\(run.errors)")
        coordinator.signal(SIGINT)
        #expect(try coordinator.wait().status == 130)
    }
}
