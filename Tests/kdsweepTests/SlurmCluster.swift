import Foundation
import Testing

@testable import Cluster

/// A real Slurm of a test's own, on loopback: a controller and two nodes of two cores each, with a
/// munge of their own. Nothing of the system's is touched.
///
/// Without cgroups and accounting, which a container doesn't have: jobs are found by their processes.
final class SlurmCluster {
    private let workspace: Workspace
    private let daemons = Daemons()
    private let ports: [Int]

    /// The commands that are needed; a package each, or more.
    private static let commands = ["slurmctld", "slurmd", "munged", "sbatch"]

    /// Whether a test can have one here. Where everything must be tested it always does, and fails with
    /// the reason.
    static let isPossible: Bool = {
        guard ProcessInfo.processInfo.environment["CI"] == nil else { return true }
        let places = ["/usr/sbin", "/usr/bin"]
        let isThere = commands.allSatisfy { command in
            places.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(command)") }
        }
        if geteuid() == 0, isThere { return true }
        FileHandle.standardError.write(
            Data("SKIPPED, the tests of Slurm: they need root, slurm-wlm and munge\n".utf8))
        return false
    }()

    /// Returns when both nodes are idle.
    init() throws {
        workspace = try Workspace()
        ports = try (0..<4).map { _ in try freePort() }
        // munged wants folders that nobody else could have changed.
        chmod(workspace.folder.path, 0o755)
        for folder in ["state", "spool/n1", "spool/n2"] {
            try FileManager.default.createDirectory(
                at: workspace.folder.appendingPathComponent(folder),
                withIntermediateDirectories: true)
        }
        var key = SystemRandomNumberGenerator()
        let bytes = (0..<128).map { _ in UInt8.random(in: 0...255, using: &key) }
        try Data(bytes).write(to: URL(filePath: path("munge.key")))
        chmod(path("munge.key"), 0o400)
        try workspace.write("slurm.conf", configuration)
        try daemons.start(
            "munge", "/usr/sbin/munged",
            [
                "--foreground", "--force", "--key-file=\(path("munge.key"))",
                "--socket=\(path("munge.sock"))", "--pid-file=\(path("munge.pid"))",
                "--log-file=\(path("munge.log"))", "--seed-file=\(path("munge.seed"))",
            ], in: workspace.folder)
        try eventually { FileManager.default.fileExists(atPath: path("munge.sock")) }
        try startController(fresh: true)
        for node in ["n1", "n2"] {
            try daemons.start(
                node, "/usr/sbin/slurmd", ["-D", "-f", path("slurm.conf"), "-N", node],
                in: workspace.folder)
        }
        try eventually { try slurm("sinfo -h -t idle -o %D") == "2" }
    }

    deinit {
        // Or the jobs' keepers outlive the nodes.
        _ = try? slurm("squeue -h -o %A | sort -u | xargs -r scancel --signal=KILL; sleep 0.2")
    }

    private func path(_ name: String) -> String {
        workspace.folder.appendingPathComponent(name).path
    }

    func startController(fresh: Bool = false) throws {
        try daemons.start(
            "controller", "/usr/sbin/slurmctld",
            ["-D", "-f", path("slurm.conf")] + (fresh ? ["-c"] : []), in: workspace.folder)
    }

    func stopController() { daemons.stop("controller") }

    /// For whoever is to use this Slurm.
    var environment: [String: String] { ["SLURM_CONF": path("slurm.conf")] }

    /// What Slurm's commands, in a line of shell, print.
    @discardableResult
    func slurm(_ line: String) throws -> String {
        let ended = try Command(
            ["-c", line], in: workspace.folder, executable: URL(filePath: "/bin/sh"),
            environment: environment
        ).wait()
        return ended.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Jobs, an array's elements each, that run.
    func runningJobs() throws -> [String] {
        try slurm("squeue -h -r -t RUNNING -o %i").split(separator: "\n").map(String.init)
    }

    func isQueueEmpty() throws -> Bool { try slurm("squeue -h || echo no answer") == "" }

    private var configuration: String {
        """
        ClusterName=kdsweep
        SlurmctldHost=\(Self.host)(127.0.0.1)
        SlurmUser=root
        SlurmdUser=root
        AuthType=auth/munge
        AuthInfo=socket=\(path("munge.sock"))
        SlurmdParameters=config_overrides
        SlurmctldPort=\(ports[0])
        SlurmdPort=\(ports[1])
        StateSaveLocation=\(path("state"))
        SlurmdSpoolDir=\(path("spool"))/%n
        SlurmctldPidFile=\(path("slurmctld.pid"))
        SlurmdPidFile=\(path("slurmd"))-%n.pid
        SlurmctldLogFile=\(path("slurmctld.log"))
        SlurmdLogFile=\(path("slurmd"))-%n.log
        ProctrackType=proctrack/linuxproc
        TaskPlugin=task/none
        JobAcctGatherType=jobacct_gather/none
        AccountingStorageType=accounting_storage/none
        JobCompType=jobcomp/none
        MpiDefault=none
        SwitchType=switch/none
        ReturnToService=2
        SchedulerType=sched/backfill
        SchedulerParameters=sched_interval=1,batch_sched_delay=0,sched_min_interval=100000
        SelectType=select/cons_tres
        SelectTypeParameters=CR_Core
        KillWait=5
        MessageTimeout=10
        NodeName=n1 NodeHostname=\(Self.host) NodeAddr=127.0.0.1 Port=\(ports[2]) CPUs=2 RealMemory=1000
        NodeName=n2 NodeHostname=\(Self.host) NodeAddr=127.0.0.1 Port=\(ports[3]) CPUs=2 RealMemory=1000
        PartitionName=main Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP

        """
    }

    private static let host = String(
        ProcessInfo.processInfo.hostName.prefix { $0 != "." })
}

/// Programs that a test keeps running. They end with it, however it ends: each has a keeper that reads
/// from it. (Foundation starts processes with signals blocked, and takes daemons, which close what they
/// inherit, to have ended.)
final class Daemons {
    private final class Keeper {
        var process: ChildProcess

        init(_ process: consuming ChildProcess) { self.process = process }
    }

    private var keepers: [String: Keeper] = [:]

    deinit {
        for name in keepers.keys { stop(name) }
    }

    /// What it says goes into the folder's file of this name.
    func start(
        _ name: String, _ executable: String, _ arguments: [String], in folder: URL,
        environment: [String: String] = [:]
    ) throws {
        let script = """
            "$@" </dev/null & daemon=$!
            cat >/dev/null
            kill $daemon
            wait $daemon
            """
        let output = folder.appendingPathComponent("\(name).out").path
        keepers[name] = Keeper(
            try ChildProcess(
                executable: "/bin/sh", arguments: ["-c", script, name, executable] + arguments,
                environment: environment, output: output, errors: output))
    }

    /// Returns when it is gone.
    func stop(_ name: String) {
        guard let keeper = keepers.removeValue(forKey: name) else { return }
        keeper.process.cutLifeline()
        while keeper.process.reap() == nil { usleep(10_000) }
    }
}

/// A port of loopback that nobody has, a moment ago.
func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
    }
    try #require(bound)
    return Int(UInt16(bigEndian: address.sin_port))
}
