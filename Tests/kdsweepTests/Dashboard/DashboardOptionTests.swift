import Foundation
import Testing

/// What the command line makes of `--dashboard`, and what strangers make of it.
@Suite(.ownThread)
struct DashboardOptionTests {
    private let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        try workspace.write("sweep.yaml", fortyTasks)
    }

    private func address(of command: Command) throws -> URL {
        var line: Substring?
        try eventually {
            line = command.errorsSoFar.split(separator: "\n").first { $0.hasPrefix("dashboard: ") }
            return line != nil
        }
        let text = String(try #require(line).dropFirst("dashboard: ".count))
        return try #require(URL(string: text))
    }

    private func question(_ url: URL, _ path: String) -> [UInt8] {
        Array("GET \(path)?\(url.query()!) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".utf8)
    }

    private func get(_ url: URL, _ path: String) throws -> String {
        let visitor = try Stranger(port: UInt16(url.port!))
        return String(decoding: try visitor.answer(to: question(url, path)), as: UTF8.self)
    }

    @Test("What can't be an address, or isn't free, is refused before anything is computed")
    func refusals() throws {
        for (address, remedy) in [
            ("head", "HOST:PORT"), ("127.0.0.1:99999", "HOST:PORT"),
            ("192.0.2.1:8080", "an address of this machine"),
        ] {
            let run = try workspace.run("run", "sweep.yaml", "--dashboard", address)
            #expect(run.status == 2 && run.errors.contains(remedy), "\(run.errors)")
        }
        let port = try freePort()
        let owner = try SilentPort("127.0.0.1", port: port)
        let run = try workspace.run("run", "sweep.yaml", "--dashboard", "\(port)")
        withExtendedLifetime(owner) {}
        #expect(run.status == 2)
        #expect(
            run.errors == "kdsweep: --dashboard 127.0.0.1:\(port): Address already in use; "
                + "give another port, or 0 for a free one\n")
        #expect(StoredTasks.count(workspace.folder.appendingPathComponent("results/sweep")) == 0)
    }

    @Test("Whoever can be reached from outside is told so, and what would be safe")
    func outside() throws {
        let command = try Command(
            ["run", "sweep.yaml", "--workers", "1", "--dashboard", "0.0.0.0:0"],
            in: workspace.folder)
        let url = try address(of: command)
        #expect(try get(url, "/metrics").contains("kdsweep_cells_wanted 1440\n"))
        let run = try command.wait()
        #expect(run.status == 0)
        let port = try #require(url.port)
        #expect(run.errors.contains("warning: the dashboard isn't encrypted"))
        #expect(run.errors.contains("`ssh -L \(port):127.0.0.1:\(port) "), "\(run.errors)")
        // Nothing is left to do: nothing is to be seen.
        let again = try workspace.run("run", "sweep.yaml", "--dashboard", "0")
        #expect(again.status == 0 && !again.errors.contains("dashboard"), "\(again.errors)")
    }

    @Test("Strangers who say nothing, or much, take no place from who has the token")
    func strangers() throws {
        let command = try Command(
            ["run", "sweep.yaml", "--workers", "1", "--dashboard", "0"], in: workspace.folder)
        try eventually { command.workers.count == 1 }
        let brake = Brake(command.workers)
        defer { brake.release() }
        let url = try address(of: command)
        let port = UInt16(try #require(url.port))
        let silent = try (0..<200).map { _ in
            let stranger = try Stranger(port: port)
            stranger.say(Array("GET / HT".utf8))
            return stranger
        }
        let loud = try Stranger(port: port)
        loud.say(Array("GET / HTTP/1.1\r\n\(String(repeating: "x", count: 10_000))".utf8))
        #expect(try get(url, "/").hasPrefix("HTTP/1.1 200 OK\r\n"))
        // The oldest have been shown out.
        try eventually {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/\(command.pid)/fd").count
                < 160
        }
        withExtendedLifetime((silent, loud)) {}
        brake.release()
        #expect(try command.wait().status == 0)
    }

    /// Hundredths of a second that a process has had of processors.
    private static func ticks(of pid: pid_t) -> Int {
        let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        let fields = stat?.split(separator: ")").last?.split(separator: " ") ?? []
        return fields.count > 12 ? (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0) : 0
    }

    /// Says the same again and again for so long, to connections that are opened anew when they are closed.
    private static func pester(_ port: UInt16, with words: [UInt8], for time: Duration) {
        let deadline = ContinuousClock.now + time
        while ContinuousClock.now < deadline {
            guard let stranger = Stranger(ifOpen: port) else {
                usleep(1000)
                continue
            }
            while ContinuousClock.now < deadline, stranger.tell(words) {}
        }
    }

    enum Pest: CaseIterable {
        case endlessHeader, endlessQuestion, manyHeaders, endlessBody, oneByte

        var words: String {
            switch self {
            case .endlessHeader:
                "GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 1_000_000)
            case .endlessQuestion: "GET /" + String(repeating: "x", count: 1_000_000)
            case .manyHeaders: String(repeating: "a: b\r\n", count: 200_000)
            case .endlessBody:
                "GET / HTTP/1.1\r\nHost: h\r\n\r\n" + String(repeating: "body", count: 100_000)
            case .oneByte: "G"
            }
        }
    }

    @Test(
        "What strangers send costs next to nothing, and signals are heard meanwhile",
        arguments: Pest.allCases)
    func pestering(pest: Pest) throws {
        let words = pest.words
        // However busy the machine is, the run mustn't end by itself.
        try workspace.write(
            "endless.yaml",
            fortyTasks.replacing("to: 19, count: 20", with: "to: 9999, count: 10000"))
        let command = try Command(
            ["coordinator", "endless.yaml", "--listen", "tcp://127.0.0.1:*", "--dashboard", "0"],
            in: workspace.folder)
        let url = try address(of: command)
        let port = UInt16(try #require(url.port))
        #expect(try get(url, "/metrics").contains("kdsweep_running 1\n"))
        let idle = (Self.ticks(of: command.pid), ContinuousClock.now)
        usleep(1_000_000)
        let rest = Double(Self.ticks(of: command.pid) - idle.0)
        let (ticks, begun) = (Self.ticks(of: command.pid), ContinuousClock.now)
        let pests = (0..<4).map { _ in
            let ended = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                Self.pester(port, with: Array(words.utf8), for: .seconds(4))
                ended.signal()
            }
            return ended
        }
        usleep(1_000_000)
        // Whoever has the token gets in among them.
        try eventually { try get(url, "/metrics").contains("kdsweep_running 1\n") }
        for pest in pests { pest.wait() }
        let seconds = (ContinuousClock.now - begun) / .seconds(1)
        let cost = (Double(Self.ticks(of: command.pid) - ticks) - rest * seconds) / 100 / seconds
        #expect(cost < 0.1, "\(cost) of a processor")
        Thread.detachNewThread { Self.pester(port, with: Array(words.utf8), for: .seconds(4)) }
        usleep(200_000)
        let asked = ContinuousClock.now
        command.signal(SIGINT)
        #expect(try command.wait().status == 130)
        #expect(ContinuousClock.now - asked < .soon)
    }

    @Test("An IPv6 address")
    func six() throws {
        let command = try Command(
            ["run", "sweep.yaml", "--workers", "1", "--dashboard", "[::1]:0"], in: workspace.folder)
        let url = try address(of: command)
        #expect(url.absoluteString.hasPrefix("http://[::1]:"))
        let run = try command.wait()
        #expect(run.status == 0 && !run.errors.contains("warning"), "\(run.errors)")
    }

    @Test("Ctrl-C ends a run within two seconds, whoever looks at it and however slowly")
    func interrupted() throws {
        // However busy the machine is, the run mustn't end by itself.
        let seeds = "seed: {from: 0, to: 19, count: 20}"
        try #require(fortyTasks.contains(seeds))
        try workspace.write(
            "endless.yaml",
            fortyTasks.replacing(seeds, with: "seed: {from: 0, to: 9999, count: 10000}"))
        let command = try Command(
            ["run", "endless.yaml", "--workers", "2", "--dashboard", "0"], in: workspace.folder)
        try eventually { command.workers.count == 2 }
        let workers = command.workers
        let brake = Brake(workers)
        defer { brake.release() }
        let url = try address(of: command)
        // None of them ever reads.
        let viewers = try (0..<8).map { _ in
            let viewer = try Stranger(port: UInt16(url.port!))
            viewer.say(question(url, "/events"))
            return viewer
        }
        try eventually { try get(url, "/metrics").contains("kdsweep_dashboard_viewers 8\n") }
        // Workers have nothing of it, whenever they were started.
        kill(workers[0], SIGKILL)
        try eventually { command.workers.count == 2 && command.workers != workers }
        let newcomer = Brake(command.workers.filter { !workers.contains($0) })
        defer { newcomer.release() }
        let port = try #require(url.port)
        // (Between its fork and its start a child still has everything.)
        for worker in command.workers {
            try eventually { try !Self.ports(of: worker).contains(port) }
        }
        #expect(try Self.ports(of: command.pid).contains(port))
        let asked = ContinuousClock.now
        command.signal(SIGINT)
        brake.release()
        newcomer.release()
        let run = try command.wait()
        #expect(ContinuousClock.now - asked < .soon)
        #expect(run.status == 130, "\(run.errors)")
        withExtendedLifetime(viewers) {}
    }

    /// The TCP ports at which a process' own sockets are.
    private static func ports(of pid: pid_t) throws -> Set<Int> {
        let folder = "/proc/\(pid)/fd"
        let inodes = Set(
            // Nothing, of a process that is gone.
            ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).compactMap {
                name in
                try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")
            }.filter { $0.hasPrefix("socket:[") }.map { $0.dropFirst(8).dropLast() })
        let table = try String(contentsOfFile: "/proc/net/tcp", encoding: .utf8)
        return Set(
            table.split(separator: "\n").dropFirst().compactMap { line in
                let fields = line.split(separator: " ")
                guard inodes.contains(fields[9]) else { return nil }
                return Int(fields[1].split(separator: ":")[1], radix: 16)
            })
    }
}
