import Foundation
import Testing

/// Who and what is turned away, and what it is told.
@Suite(.serialized, .timeLimit(.minutes(2))) struct RefusalTests {
    private let network: Network

    init() throws { network = try Network() }

    @Test("A worker with a wrong key, or of another version, is refused with the reason")
    func wrongFiles() throws {
        let coordinator = try network.startCoordinator()
        let other = try Network()
        let stranger = try other.startCoordinator()
        let theirs = try other.access()
        for (changes, mention) in [
            (["worker_secret_key": theirs["worker_secret_key"]!], "turns this worker's key away"),
            (["coordinator_key": theirs["coordinator_key"]!], "doesn't have the coordinator's key"),
            (["port": theirs["port"]!], "doesn't have the coordinator's key"),
            (["protocol": 999], "version 999 of the protocol"),
            (["worker_secret_key": "short"], "40 characters"),
            (["hosts": [String]()], "needs a host"),
            (["hosts": ["nowhere.invalid"]], "nowhere.invalid:"),
        ] as [([String: Any], String)] {
            let run = try network.runWorker(changing: changes)
            #expect(run.status == 2 && run.errors.contains(mention), "\(run.errors)")
        }
        // What can't be reached is said, and the next is tried.
        let content = try network.access().merging(["hosts": ["nowhere.invalid", "127.0.0.1"]]) {
            $1
        }
        try JSONSerialization.data(withJSONObject: content)
            .write(to: network.workspace.folder.appendingPathComponent("two.json"))
        let worker = try network.startWorker("--access", "two.json")
        #expect(try coordinator.wait().status == 0)
        let ended = try worker.wait()
        #expect(ended.status == 0)
        #expect(ended.errors.contains("not reached: nowhere.invalid:"), "\(ended.errors)")
        // The copy that this test has made is anybody's.
        #expect(ended.errors.contains("chmod 600"), "\(ended.errors)")
        #expect(coordinator.errorsSoFar.contains("a stranger at the port was turned away"))
        stranger.signal(SIGINT)
        #expect(try stranger.wait().status == 130)
    }

    @Test("A stale access file: nobody listens there any more")
    func stale() throws {
        let coordinator = try network.startCoordinator()
        coordinator.signal(SIGKILL)
        _ = try coordinator.wait()
        let run = try network.startWorker("--idle-timeout", "1").wait()
        #expect(run.status == 0)
        #expect(run.errors.contains("connection refused"), "\(run.errors)")
        #expect(run.errors.contains("start it again"), "\(run.errors)")
    }

    @Test("A port that is taken, a folder that can't be written, a second coordinator")
    func unusable() throws {
        let coordinator = try network.startCoordinator()
        let port = try network.port()
        let second = try Command(
            ["coordinator", "sweep.yaml", "--listen", "tcp://127.0.0.1:*"],
            in: network.workspace.folder
        ).wait()
        #expect(second.status == 2 && second.errors.contains("in use"), "\(second.errors)")
        let other = try Network()
        let taken = try Command(
            ["coordinator", "sweep.yaml", "--listen", "tcp://127.0.0.1:\(port)"],
            in: other.workspace.folder
        ).wait()
        #expect(taken.status == 2 && taken.errors.contains("port is taken"), "\(taken.errors)")
        let foreign = try Command(
            ["coordinator", "sweep.yaml", "--listen", "tcp://192.0.2.1:*"],
            in: other.workspace.folder
        ).wait()
        #expect(foreign.status == 2 && foreign.errors.contains("no address of this machine"))
        try other.workspace.write("home", "a file where a folder should be")
        let homeless = try Command(
            ["coordinator", "sweep.yaml", "--listen", "tcp://127.0.0.1:*"],
            in: other.workspace.folder
        ).wait()
        #expect(
            homeless.status == 2 && homeless.errors.contains("home/access"), "\(homeless.errors)")
        coordinator.signal(SIGINT)
        #expect(try coordinator.wait().status == 130)
    }

    @Test("Strangers get nothing beyond the handshake, and the sweep goes on")
    func strangers() throws {
        let coordinator = try network.startCoordinator()
        let port = UInt16(try network.port())
        let junk = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 3) }
        let answers = try [
            Array("GET / HTTP/1.1\r\nHost: kdsweep\r\n\r\n".utf8), junk, [0xff] + junk,
            Zmtp.greeting(mechanism: "NULL") + Zmtp.ready + Zmtp.message,
            Zmtp.greeting(mechanism: "PLAIN") + Zmtp.message,
            // No key: the mechanism alone, then what ought to be inside a box.
            Zmtp.greeting(mechanism: "CURVE") + Zmtp.ready + Zmtp.message,
        ].map { try Stranger(port: port).answer(to: $0) }
        #expect(answers.allSatisfy { $0.count <= Zmtp.greetingLength }, "\(answers.map(\.count))")
        let workers = [try network.startWorker(), try network.startWorker()]
        let run = try coordinator.wait()
        #expect(run.status == 0, "\(run.errors)")
        #expect(try network.workspace.csvs("results/sweep") == network.reference)
        for worker in workers { #expect(try worker.wait().status == 0) }
    }
}
