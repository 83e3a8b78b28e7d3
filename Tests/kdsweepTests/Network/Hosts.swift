import Foundation

/// Hosts of a test's own on one switch: each a network namespace with its own name, folders and
/// link. The switch is one too, so that the links of the machine itself are left alone.
///
/// A namespace lives as long as the process in it, which reads from this one and ends with it: nothing
/// is left behind, however the tests end.
final class Hosts {
    let head: Host
    let workers: [Host]
    private let wires: Namespace

    /// - Throws: where the kernel doesn't let this user make namespaces.
    init() throws {
        let wires = try Namespace(named: "switch")
        try wires.run("ip link add wires type bridge && ip link set wires up")
        head = try Host(name: "kdsweep-head.invalid", port: "head", number: 1, on: wires)
        workers = try (1...2).map {
            try Host(name: "w\($0)", port: "w\($0)", number: $0 + 1, on: wires)
        }
        self.wires = wires
    }

    /// Unplugs the host at the switch: it keeps its address and its routes.
    func cut(_ host: Host) throws { try wires.run("ip link set \(host.port) down") }

    func heal(_ host: Host) throws { try wires.run("ip link set \(host.port) up") }

    static let arePossible = canTest("hosts", "root and iproute2") {
        _ = try Hosts()
        return true
    }
}

struct Host {
    let name: String
    /// Of the switch.
    let port: String
    let address: String
    let workspace: Workspace
    private let namespace: Namespace

    init(name: String, port: String, number: Int, on wires: Namespace) throws {
        self.name = name
        self.port = port
        address = "10.77.0.\(number)"
        workspace = try Workspace()
        namespace = try Namespace(named: name)
        try wires.run(
            """
            ip link add \(port) type veth peer name eth0 netns \(namespace.pid)
            ip link set \(port) master wires up
            """)
        try namespace.run(
            """
            ip link set lo up
            ip address add \(address)/24 dev eth0
            ip link set eth0 up
            """)
    }

    /// Starts kdsweep there, in the host's own folder and with a home of its own.
    func start(_ arguments: String...) throws -> Command {
        try Command(
            namespace.entrance + [Command.executable.path] + arguments, in: workspace.folder,
            executable: Namespace.entering)
    }
}

/// A network and a host's name of their own, and the process that keeps them.
final class Namespace {
    private let keeper = Process()
    private let breath = Pipe()

    /// Thrown rather than recorded: where namespaces aren't permitted, it is no test's failure.
    struct Failure: Error, CustomStringConvertible { let description: String }

    static let entering = URL(filePath: "/usr/bin/nsenter")

    init(named name: String) throws {
        let voice = Pipe()
        keeper.executableURL = URL(filePath: "/usr/bin/unshare")
        keeper.arguments = [
            "--net", "--uts", "sh", "-c", "hostname \"$0\" && echo there && exec cat", name,
        ]
        keeper.standardInput = breath
        keeper.standardOutput = voice
        keeper.standardError = voice
        try keeper.run()
        var answer = ""
        while answer != "there\n" {
            let piece = voice.fileHandleForReading.availableData
            guard !piece.isEmpty else { throw Failure(description: answer) }
            answer += String(decoding: piece, as: UTF8.self)
        }
    }

    deinit {
        if keeper.isRunning { kill(pid, SIGKILL) }
    }

    var pid: pid_t { keeper.processIdentifier }

    /// Arguments of `entering`, before those of the command.
    var entrance: [String] { ["--net=/proc/\(pid)/ns/net", "--uts=/proc/\(pid)/ns/uts", "--"] }

    /// Runs lines of shell in it.
    func run(_ lines: String) throws {
        let folder = try Workspace()
        let ended = try Command(
            entrance + ["sh", "-ec", lines], in: folder.folder, executable: Self.entering
        ).wait()
        guard ended.status == 0 else { throw Failure(description: "\(lines): \(ended.errors)") }
    }
}
