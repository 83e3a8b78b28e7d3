import Foundation
import Testing
import Waiting

@testable import kdsweep

/// A process in a batch job, or bound to some of the machine's processors.
@Suite(.ownThread, .serialized, .timeLimit(.minutes(5))) struct AllotmentTests {
    private let network: Network
    private var workspace: Workspace { network.workspace }

    init() throws { network = try Network() }

    /// A worker in a Slurm job with what else its environment says.
    private func startWorker(
        _ environment: [String: String], _ arguments: String...
    ) throws -> Command {
        try Command(
            ["worker"] + arguments, in: workspace.folder,
            environment: environment.merging(["SLURM_JOB_ID": "7"]) { $1 })
    }

    /// Puts a `squeue` that does so on the path.
    private func pretendSqueue(_ body: String) throws -> [String: String] {
        try workspace.write("squeue", "#!/bin/sh\n\(body)\n")
        let script = workspace.folder.appendingPathComponent("squeue").path
        chmod(script, 0o755)
        return ["PATH": "\(workspace.folder.path):/usr/bin:/bin"]
    }

    @Test(
        "A run starts a worker for each core that it has, not for those of the machine",
        arguments: [
            (["taskset", "-c", "0"], [:], "this (process|machine) has 1 core"),
            (
                ["env"], ["SLURM_JOB_ID": "7", "SLURM_CPUS_PER_TASK": "1"],
                "this (job|machine) has 1 core"
            ),
        ] as [([String], [String: String], String)])
    func cores(prefix: [String], environment: [String: String], owner: String) throws {
        func run(_ arguments: String...) throws -> Command.Result {
            try Command(
                prefix + [Command.executable.path, "run", "sweep.yaml"] + arguments,
                in: workspace.folder, executable: URL(filePath: "/usr/bin/env"),
                environment: environment
            ).wait()
        }
        let refused = try run("--threads", "2")
        #expect(refused.status == 2)
        #expect(refused.errors.contains(try Regex("--threads 2: \(owner) for a worker")))
        #expect(try run().status == 0)
        #expect(try StoredTasks(network.results).workers == 1)
        #expect(try workspace.csvs("results/sweep") == network.reference)
    }

    @Test(
        "A worker leaves before its job ends, with its tasks handed back",
        arguments: ["SLURM_JOB_END_TIME", "squeue"])
    func leaving(source: String) throws {
        let coordinator = try network.startCoordinator()
        // Slurm's clock has whole seconds.
        let seconds = Int(Date.now.timeIntervalSince1970) + 15
        let end = Date(timeIntervalSince1970: Double(seconds))
        let worker = try startWorker(
            source == "squeue"
                ? try pretendSqueue(
                    """
                    [ "$*" = '--noheader --jobs 7 --format %L' ] || exit 1
                    printf '0:%02d\\n' "$((\(seconds - 1) - $(date +%s)))"
                    """)
                : [source: "\(seconds)"])
        try eventually { worker.errorsSoFar.contains("its job ends in") }
        // It is amid the work when it has to go, and as quick as ever.
        let brake = Brake([worker.pid], centiseconds: 60)
        // Its job's end is a time of the clock, which is what is tested.
        usleep(UInt32(1e6 * max(0, end.timeIntervalSinceNow - 0.3)))
        brake.release()
        let ended = try worker.wait()
        #expect(Date.now < end + Duration.soon / .seconds(1))
        #expect(ended.status == 0)
        #expect(ended.errors.contains(/notice: its job ends in \d+ s; it leaves 0\.\d+ s before/))
        #expect(ended.errors.contains("its time limit has come"))
        let stored = StoredTasks.count(network.results)
        #expect(stored > 0 && stored < 40)
        #expect(!coordinator.errorsSoFar.contains("given up"))
        let other = try network.startWorker()
        #expect(try coordinator.wait().status == 0)
        #expect(try other.wait().status == 0)
        #expect(try workspace.csvs("results/sweep") == network.reference)
    }

    @Test(
        "Where nobody knows when the job ends, or the worker leaves before, nothing is said",
        arguments: ["echo UNLIMITED", "echo no such job >&2; exit 1", "exec sleep 60", nil])
    func unknown(squeue: String?) throws {
        let coordinator = try network.startCoordinator()
        let worker =
            try squeue.map { try startWorker(try pretendSqueue($0)) }
            ?? startWorker(["SLURM_JOB_END_TIME": "4000000000"], "--time-limit", "1h")
        #expect(try coordinator.wait().status == 0)
        let ended = try worker.wait()
        #expect(ended.status == 0 && ended.errors == "", "\(ended.errors)")
    }

    @Test(
        "The margin is a twentieth of the time left, or ten seconds",
        arguments: [
            (3540, 10, "59 min", "10 s"), (100, 5, "100 s", "5 s"), (4, 0.2, "4 s", "0.2 s"),
            (360_000, 10, "100 h", "10 s"), (-3, 0, "0.0 s", "0.0 s"),
        ])
    func margin(left: Double, margin: Double, ends: String, leaves: String) {
        let now = Date.now
        let end = JobEnd(now + left, now: now)
        #expect(abs(end.margin / .seconds(1) - margin) < 1e-6)
        #expect(abs(end.timeLimit / .seconds(1) - max(0, left - margin)) < 1e-6)
        #expect(end.description == "its job ends in \(ends); it leaves \(leaves) before")
    }

    @Test(
        "What squeue says of the time left",
        arguments: [
            ("0:07\n", 7), ("59:58", 3598), ("1:00:00", 3600), ("2-03:04:05", 183_845),
            ("0:00", 0), ("UNLIMITED", nil), ("NOT_SET", nil), ("INVALID", nil), ("", nil),
            ("-0:07", nil), ("7", nil), ("1-2-3:00", nil), ("0:-7", nil), ("1:2:3:4", nil),
            ("99999999999999999999-00:00", nil),
        ] as [(String, Double?)])
    func squeue(text: String, seconds: Double?) {
        #expect(JobEnd.timeLeft(squeue: text) == seconds)
    }
}
