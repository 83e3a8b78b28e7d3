import Foundation
import Testing
import Waiting

/// A real Slurm of a test's own, on loopback: a controller and two nodes of two cores each, with a
/// munge of their own. Nothing of the system's is touched.
///
/// Without cgroups and accounting, which a container doesn't have: jobs are found by their processes.
final class SlurmCluster {
    private let workspace: Workspace
    private let daemons = Daemons()
    private let ports: [Int]

    static let isPossible = canTest("Slurm", "root, slurm-wlm and munge") {
        geteuid() == 0
            && arePrograms(
                "/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/sbin/munged", "/usr/bin/sbatch")
    }

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
        // Whoever asks before would wait long until it asks again.
        try eventually { canConnect(to: ports[0]) }
        for node in ["n1", "n2"] {
            try daemons.start(
                node, "/usr/sbin/slurmd", ["-D", "-f", path("slurm.conf"), "-N", node],
                in: workspace.folder)
        }
        do {
            try eventually(within: .seconds(60)) {
                try slurm("timeout 5 sinfo -h -t idle -o %D") == "2"
            }
        } catch {
            let story = try slurm("timeout 5 sinfo -N -l 2>&1; tail -n 20 *.log")
            throw NotUp(description: "Slurm doesn't come up: \(story)")
        }
    }

    private struct NotUp: Error, CustomStringConvertible { let description: String }

    deinit {
        // Or the jobs' keepers outlive the nodes.
        _ = try? slurm(
            """
            squeue -h -o %A | sort -u | xargs -r scancel --signal=KILL
            timeout 5 sh -c 'while [ "$(squeue -h -t RUNNING,COMPLETING)" ]; do sleep 0.05; done'
            """)
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

    /// Starts Slurm's commands, in a line of shell, which stays: Slurm's own close what they inherit,
    /// and Foundation would wait for each of them as for one that has ended, and for nobody else.
    func begin(_ line: String) throws -> Command {
        try Command(
            ["-c", "\(line)\nexit $?"], in: workspace.folder, executable: URL(filePath: "/bin/sh"),
            environment: environment)
    }

    /// What Slurm's commands, in a line of shell, print.
    @discardableResult
    func slurm(_ line: String) throws -> String {
        try begin(line).wait().output.trimmingCharacters(in: .whitespacesAndNewlines)
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
