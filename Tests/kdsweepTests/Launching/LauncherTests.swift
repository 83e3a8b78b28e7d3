import Foundation
import Testing
import Waiting

@testable import kdsweep

enum Launchers {
    static let folder = Repository.file("cluster/launchers")
}

/// Launchers that are no scheduler's: one of a user's own, and ssh's.
@Suite(.ownThread, .serialized, .timeLimit(.minutes(5))) struct LauncherTests {
    private let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        try workspace.write("sweep.yaml", TroubledSweep.solved.text)
    }

    private var results: URL { workspace.folder.appendingPathComponent("results/sweep") }

    private func start(_ launch: String, _ options: [String] = []) throws -> Command {
        try Command(
            ["coordinator", "sweep.yaml", "--listen", "tcp://127.0.0.1:*", "--launch", launch]
                + options.flatMap { ["--launch-option", $0] }, in: workspace.folder)
    }

    private func checkComplete(_ coordinator: Command) throws {
        let run = try coordinator.wait()
        #expect(run.status == 0, "\(run.errors)")
        #expect(try workspace.csvs("results/sweep") == TroubledSweep.solved.reference())
    }

    @Test("The example of cluster/README.md starts workers, lists them and stops them")
    func example() throws {
        let text = try String(
            contentsOf: Repository.file("cluster/README.md"), encoding: .utf8)
        let example = try #require(text.components(separatedBy: "```bash\n").last)
        try workspace.write("local", try #require(example.components(separatedBy: "```").first))
        chmod(workspace.folder.appendingPathComponent("local").path, 0o755)
        let coordinator = try start("./local:max=2")
        let brake = try brakeWorkers(startedWith: workspace.folder.path + "/home/access")
        try eventually(within: .seconds(60)) { launchedWorkers(results).count == 2 }
        let pids = launchedWorkers(results)
        brake.release()
        try checkComplete(coordinator)
        try eventually { !pids.contains(where: isRunning) }
    }

    @Test(
        "ssh: two workers on a host that answers, whatever the hosts do that refuse and that hang",
        .enabled(if: SSHServer.isPossible))
    func ssh() throws {
        let server = try SSHServer()
        // sshd is on one address only: the next refuses, and the one after says nothing.
        let silence = try SilentPort("127.0.0.3", port: server.port)
        defer { withExtendedLifetime(silence) {} }
        // It tries those first that it has not tried.
        try workspace.write(
            "hosts", "# all that there are\n127.0.0.2\n127.0.0.3 1 # mute\n127.0.0.1 2\n")
        let coordinator = try start("ssh:max=4", ["--hosts=hosts"] + server.options)
        // The file comes by standard input.
        let brake = try brakeWorkers(startedWith: "kdsweep worker --access -")
        let said = coordinator.errorsSoFar
        #expect(said.contains("127.0.0.2:1 of ssh ended before it connected: "), "\(said)")
        #expect(said.contains("Connection refused"), "\(said)")
        #expect(said.contains("127.0.0.3:1 of ssh ended before it connected: "), "\(said)")
        #expect(said.contains("timed out during banner exchange"), "\(said)")
        try eventually(within: .seconds(60)) { launchedWorkers(results).count == 2 }
        let pids = launchedWorkers(results)
        brake.release()
        try checkComplete(coordinator)
        try eventually { !pids.contains(where: isRunning) }
        let command = try workspace.run("status", "results/sweep")
        #expect(command.output.contains("finished"))
    }

    @Test("ssh: hosts files and options that won't do", .enabled(if: SSHServer.isPossible))
    func badHosts() throws {
        try workspace.write("hosts", "node1 many\n")
        for (options, complaint) in [
            ([], "no hosts: give --launch-option --hosts=FILE"),
            (["--hosts=nowhere"], "the hosts file nowhere can't be read"),
            (["--hosts=hosts"], "hosts has the line 'node1 many"),
        ] {
            let coordinator = try start("ssh:max=1", options)
            try eventually { coordinator.errorsSoFar.contains(complaint) }
            coordinator.signal(SIGINT)
            #expect(try coordinator.wait().status == 130)
        }
    }

    @Test(
        "Through a tunnel, where a worker can't reach the head node",
        .enabled(if: SSHServer.isPossible))
    func tunnel() throws {
        let network = try Network()
        let coordinator = try network.startCoordinator()
        let (far, near) = (try network.port(), try freePort())
        let server = try SSHServer()
        let daemons = Daemons()
        try daemons.start(
            "tunnel", "/usr/bin/ssh",
            server.options + ["-N", "-L", "\(near):127.0.0.1:\(far)", "127.0.0.1"],
            in: network.workspace.folder)
        // An address that nobody has: the file's own way leads nowhere.
        var access = try network.access()
        access["hosts"] = ["192.0.2.1"]
        try JSONSerialization.data(withJSONObject: access)
            .write(to: network.workspace.folder.appendingPathComponent("far.json"))
        chmod(network.workspace.folder.appendingPathComponent("far.json").path, 0o600)
        try eventually { canConnect(to: near) }
        let worker = try network.startWorker(
            "--access", "far.json", "--address", "127.0.0.1:\(near)")
        let run = try coordinator.wait()
        #expect(run.status == 0, "\(run.errors)")
        #expect(try network.workspace.csvs("results/sweep") == network.reference)
        #expect(try worker.wait().status == 0)
    }

    @Test("What is no launcher, or no way to say one, is refused")
    func refused() throws {
        for (arguments, complaint) in [
            (["--launch", "slurm"], "launcher:max=N"),
            (["--launch", "slurm:max=0"], "launcher:max=N"),
            (["--launch", "pbs:max=3"], "there is no such launcher (slurm, ssh)"),
            (["--launch", "./pbs:max=3"], "is no executable file"),
            (["--launch-option", "-x"], "give one with --launch"),
        ] {
            let run = try Command(["coordinator", "sweep.yaml"] + arguments, in: workspace.folder)
                .wait()
            #expect(run.status == 2)
            #expect(
                run.errors.contains(complaint) || run.errors.lowercased().contains(complaint),
                "\(run.errors)")
        }
        #expect(!workspace.exists("results"))
    }
}

/// The workers that are there, by their processes.
func launchedWorkers(_ results: URL) -> [pid_t] {
    let data = try? Data(contentsOf: results.appendingPathComponent(".status.json"))
    return (data.flatMap { try? Status(encoded: $0) }?.run.workers ?? []).map(\.pid)
}

/// Makes workers slow from their first task on, whenever they come. Returns when there is one.
///
/// - Parameters:
///   - text: is in the command lines of these, and of no other test's.
///   - centiseconds: as of `Brake`.
func brakeWorkers(startedWith text: String, centiseconds: Int = 24) throws -> Brake {
    try eventually(within: .seconds(90)) { !workers(startedWith: text).isEmpty }
    return Brake(
        { workers(startedWith: text) }, centiseconds: centiseconds, getsHeadway: true)
}

@Sendable private func workers(startedWith text: String) -> [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.filter { pid in
        let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
        let words = String(decoding: line, as: UTF8.self).split(separator: "\0")
        return words.dropFirst().first == "worker" && words.joined(separator: " ").contains(text)
    }
}
