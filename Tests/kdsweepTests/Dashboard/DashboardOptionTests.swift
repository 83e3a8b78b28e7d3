import Foundation
import Testing
import Waiting

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

    /// Somebody who says the same again and again for so long, to connections that are opened anew when
    /// they are closed.
    private final class Nuisance: Sendable {
        private let isThere = DispatchSemaphore(value: 0)
        private let hasGone = DispatchSemaphore(value: 0)

        init(at port: UInt16, saying words: [UInt8], for time: Duration) {
            Thread.detachNewThread { [self] in
                let deadline = ContinuousClock.now + time
                while ContinuousClock.now < deadline {
                    guard let stranger = Stranger(ifOpen: port) else {
                        usleep(1000)
                        continue
                    }
                    _ = stranger.tell(words)
                    isThere.signal()
                    while ContinuousClock.now < deadline, stranger.tell(words) {}
                }
                hasGone.signal()
            }
        }

        /// Returns when something of it has been said.
        func awaitBeginning() throws {
            try #require(isThere.wait(timeout: .now() + 30) == .success)
        }

        func awaitEnd() throws { try #require(hasGone.wait(timeout: .now() + 30) == .success) }
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
        /// Hundredths of a second that it has had of a processor, in each second of what is done.
        func rate(_ body: () throws -> Void) rethrows -> Double {
            let (before, begun) = (ticks(of: command.pid), ContinuousClock.now)
            try body()
            let seconds = (ContinuousClock.now - begun) / .seconds(1)
            return Double(ticks(of: command.pid) - before) / seconds
        }
        // A second of nothing, after the work of the start: what it takes in it is measured.
        var rest = Double.infinity
        try eventually {
            rest = rate { usleep(1_000_000) }
            return rest < 5
        }
        func pester() -> Nuisance {
            Nuisance(at: port, saying: Array(words.utf8), for: .seconds(4))
        }
        let pestered = try rate {
            let nuisances = (0..<4).map { _ in pester() }
            for nuisance in nuisances { try nuisance.awaitBeginning() }
            // Whoever has the token gets in among them.
            try eventually { try get(url, "/metrics").contains("kdsweep_running 1\n") }
            for nuisance in nuisances { try nuisance.awaitEnd() }
        }
        let cost = (pestered - rest) / 100
        print("\(pest): \(String(format: "%.3f", cost)) of a processor")
        #expect(cost < 0.1, "\(cost) of a processor")
        try pester().awaitBeginning()
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
