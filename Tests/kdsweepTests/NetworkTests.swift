import Foundation
import Testing

/// A workspace with a sweep of forty tasks, and the coordinators and workers that a test starts.
private struct Network {
    let workspace: Workspace
    let reference: [String]

    init() throws {
        workspace = try Workspace()
        try workspace.write("sweep.yaml", fortyTasks)
        reference = try LineTests.reference.get()
    }

    var results: URL { workspace.folder.appendingPathComponent("results/sweep") }
    var identity: URL { results.appendingPathComponent(".coordinator.json") }
    var accessFolder: URL { workspace.folder.appendingPathComponent("home/access") }

    /// Returns when it listens.
    func startCoordinator(_ listen: String = "tcp://127.0.0.1:*") throws -> Command {
        let command = try Command(
            ["coordinator", "sweep.yaml", "--listen", listen], in: workspace.folder)
        try eventually { command.errorsSoFar.contains("listening on") }
        return command
    }

    func startWorker(_ arguments: String...) throws -> Command {
        try Command(["worker"] + arguments, in: workspace.folder)
    }

    func accessFiles() -> [URL] {
        let names = try? FileManager.default.contentsOfDirectory(
            at: accessFolder, includingPropertiesForKeys: nil)
        return names ?? []
    }

    /// What the only access file says.
    func access() throws -> [String: Any] {
        let files = accessFiles()
        try #require(files.count == 1, "\(files)")
        let content = try JSONSerialization.jsonObject(with: Data(contentsOf: files[0]))
        return try #require(content as? [String: Any])
    }

    /// A copy of the access file with other values, and the worker's answer to it.
    func runWorker(changing changes: [String: Any]) throws -> Command.Result {
        let content = try access().merging(changes) { $1 }
        let name = "changed-\(UUID().uuidString).json"
        try JSONSerialization.data(withJSONObject: content)
            .write(to: workspace.folder.appendingPathComponent(name))
        return try startWorker("--access", name).wait()
    }

    func port() throws -> Int { try #require(try access()["port"] as? Int) }
}

private func mode(_ file: URL) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
    return try #require(attributes[.posixPermissions] as? Int)
}

/// Coordinators and workers as they run on different machines, over TCP.
@Suite(.serialized, .timeLimit(.minutes(2))) struct NetworkTests {
    private let network: Network
    private var workspace: Workspace { network.workspace }

    init() throws { network = try Network() }

    private func checkComplete(_ coordinator: Command) throws {
        let run = try coordinator.wait()
        #expect(run.status == 0, "\(run.errors)")
        #expect(try workspace.csvs("results/sweep") == network.reference)
        let stored = try StoredTasks(network.results)
        #expect(stored.rows == stored.cells && stored.cells == 1440)
    }

    @Test("A coordinator and two workers write the bytes of a run; the keys are private, and go")
    func sameBytes() throws {
        let coordinator = try network.startCoordinator()
        let file = try #require(network.accessFiles().first)
        #expect(try mode(file) == 0o600 && mode(network.accessFolder) == 0o700)
        #expect(try mode(network.identity) == 0o600)
        #expect(coordinator.errorsSoFar.contains("kdsweep worker --access \(file.path)"))
        try eventually { coordinator.errorsSoFar.contains("0/1440 cells, 0 workers") }
        let workers = [
            try network.startWorker(), try network.startWorker("--access", file.path),
        ]
        try checkComplete(coordinator)
        for worker in workers {
            let ended = try worker.wait()
            #expect(ended.status == 0 && ended.errors == "", "\(ended.errors)")
        }
        #expect(network.accessFiles().isEmpty)
        #expect(!FileManager.default.fileExists(atPath: network.identity.path))
    }

    @Test("A coordinator that is killed and started again goes on with the same workers")
    func restart() throws {
        let first = try network.startCoordinator()
        let workers = [try network.startWorker(), try network.startWorker()]
        try eventually { StoredTasks.count(network.results) >= 5 }
        first.signal(SIGKILL)
        _ = try first.wait()
        let before = StoredTasks.count(network.results)
        #expect(before < 40)
        let port = try network.port()
        // They finish what they have meanwhile.
        usleep(500_000)
        #expect(workers.allSatisfy { isRunning($0.pid) })
        let second = try network.startCoordinator()
        #expect(try network.port() == port && network.accessFiles().count == 1)
        try checkComplete(second)
        for worker in workers { #expect(try worker.wait().status == 0) }
        #expect(try StoredTasks(network.results).workers <= 2)
    }

    @Test("Whoever waits for a coordinator when nothing is left to do is sent home")
    func stragglers() throws {
        let first = try network.startCoordinator()
        let worker = try network.startWorker()
        try eventually { StoredTasks.count(network.results) >= 2 }
        first.signal(SIGKILL)
        _ = try first.wait()
        #expect(try workspace.run("run", "sweep.yaml", "--workers", "1").status == 0)
        #expect(isRunning(worker.pid))
        try checkComplete(try network.startCoordinator())
        #expect(try worker.wait().status == 0)
    }

    @Test("An interrupted coordinator sends its workers home, takes its access file along, resumes")
    func interrupted() throws {
        let first = try network.startCoordinator()
        let worker = try network.startWorker()
        try eventually { StoredTasks.count(network.results) >= 2 }
        first.signal(SIGINT)
        #expect(try first.wait().status == 130)
        #expect(try worker.wait().status == 0)
        #expect(network.accessFiles().isEmpty)
        let second = try network.startCoordinator()
        let other = try network.startWorker()
        try checkComplete(second)
        #expect(try other.wait().status == 0)
    }

    @Test(
        "A worker leaves when it is asked to, when its time is up, and when there is nothing to do")
    func leaving() throws {
        let coordinator = try network.startCoordinator()
        for (signal, worker) in [
            (SIGTERM, try network.startWorker()), (SIGINT, try network.startWorker()),
        ] {
            let stored = StoredTasks.count(network.results)
            try eventually { StoredTasks.count(network.results) > stored }
            let asked = ContinuousClock.now
            worker.signal(signal)
            #expect(try worker.wait().status == 0)
            #expect(ContinuousClock.now - asked < .seconds(1))
        }
        let endless = try network.startWorker()
        let limited = try network.startWorker("--time-limit", "1")
        let ended = try limited.wait()
        #expect(ended.status == 0)
        try checkComplete(coordinator)
        #expect(try endless.wait().status == 0)
    }

    @Test("A worker that waits for a dead coordinator gives up after its idle timeout")
    func idle() throws {
        let coordinator = try network.startCoordinator()
        let worker = try network.startWorker("--idle-timeout", "2s")
        try eventually { StoredTasks.count(network.results) >= 1 }
        coordinator.signal(SIGKILL)
        let ended = try worker.wait()
        #expect(ended.status == 0)
        #expect(ended.errors.contains("out of reach") && ended.errors.contains("nothing to do"))
        #expect(StoredTasks.count(network.results) < 40)
    }
}

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
        #expect(coordinator.errorsSoFar.contains("a stranger at the port was turned away"))
        stranger.signal(SIGINT)
        #expect(try stranger.wait().status == 130)
    }

    @Test("A stale access file: nobody listens there any more")
    func stale() throws {
        let coordinator = try network.startCoordinator()
        coordinator.signal(SIGKILL)
        _ = try coordinator.wait()
        let run = try network.startWorker().wait()
        #expect(run.status == 2)
        #expect(run.errors.contains("connection refused"), "\(run.errors)")
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

/// ZeroMQ's wire protocol, as far as somebody without a key can speak it.
private enum Zmtp {
    static let greetingLength = 64

    static func greeting(mechanism: String) -> [UInt8] {
        let name = Array(mechanism.utf8)
        return [0xff] + [UInt8](repeating: 0, count: 8) + [0x7f, 3, 0]
            + name + [UInt8](repeating: 0, count: 20 - name.count)
            + [UInt8](repeating: 0, count: 32)
    }

    /// The command by which a dealer without mechanism says that it is one.
    static let ready: [UInt8] = {
        let body =
            [5] + Array("READY".utf8) + [11] + Array("Socket-Type".utf8) + [0, 0, 0, 6]
            + Array("DEALER".utf8)
        return [4, UInt8(body.count)] + body
    }()

    static let message: [UInt8] = [0, 3, 1, 2, 3]
}

private final class Stranger {
    private let descriptor: Int32

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(code == 0)
        var patience = timeval(tv_sec: 15, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience,
            socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// Everything that comes back until the other side hangs up, which it must.
    func answer(to words: [UInt8]) throws -> [UInt8] {
        _ = send(descriptor, words, words.count, Int32(MSG_NOSIGNAL))
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 { answer += buffer[..<count] }
            if count == 0 || (count < 0 && errno == ECONNRESET) { return answer }
            try #require(count > 0, "it was not hung up on")
        }
    }
}
