import Foundation
import Testing
import Waiting

@testable import kdsweep

/// A sweep whose workers a real Slurm runs.
@Suite(.ownThread, .serialized, .enabled(if: SlurmCluster.isPossible), .timeLimit(.minutes(5)))
struct SlurmTests {
    private let workspace: Workspace
    private let slurm: SlurmCluster

    init() throws {
        workspace = try Workspace()
        try workspace.write("sweep.yaml", TroubledSweep.solved.text)
        slurm = try SlurmCluster()
    }

    private var results: URL { workspace.folder.appendingPathComponent("results/sweep") }

    private func start(_ options: String..., maximum: Int = 3) throws -> Command {
        try Command(
            [
                "coordinator", "sweep.yaml", "--listen", "tcp://127.0.0.1:*", "--launch",
                "slurm:max=\(maximum)", "--log-level", "info",
            ] + options.flatMap { ["--launch-option", $0] }, in: workspace.folder,
            environment: slurm.environment)
    }

    private func workers() -> [pid_t] { launchedWorkers(results) }

    /// The first worker is slow from its first task on: so much work is left that others are worth it.
    private func slowDown(centiseconds: Int = 24) throws -> Brake {
        try brakeWorkers(
            startedWith: workspace.folder.path + "/home/access", centiseconds: centiseconds)
    }

    private func checkComplete(_ coordinator: Command) throws {
        let run = try coordinator.wait()
        #expect(run.status == 0, "\(run.errors)")
        #expect(try workspace.csvs("results/sweep") == TroubledSweep.solved.reference())
        // Slurm may be at its own clearing up still.
        try eventually { try slurm.isQueueEmpty() }
    }

    @Test("It grows from nothing to the maximum and back, and writes the bytes of a local run")
    func growth() throws {
        let coordinator = try start("--mem=200")
        let brake = try slowDown()
        try eventually(within: .seconds(60)) { workers().count == 3 }
        #expect(try slurm.runningJobs().count == 3)
        try eventually {
            try workspace.run("status", "results/sweep").output
                .contains("launch   slurm: 3 running, 0 queued, at most 3")
        }
        brake.release()
        try checkComplete(coordinator)
        #expect(!workspace.exists("results/sweep/workers/.output"))
    }

    @Test("Jobs cancelled, a node drained, the controller gone for a while: the same bytes")
    func troubles() throws {
        let coordinator = try start()
        let brake = try slowDown()
        try eventually(within: .seconds(60)) { try slurm.runningJobs().count == 3 }
        let first = try slurm.runningJobs()
        try slurm.slurm("scancel \(first[0])")
        try eventually(within: .seconds(60)) {
            let now = try slurm.runningJobs()
            return now.count == 3 && !now.contains(first[0])
        }
        try slurm.slurm("scontrol update NodeName=n1 State=DRAIN Reason=test")
        slurm.stopController()
        let stored = StoredTasks.count(results)
        try eventually(within: .seconds(60)) { StoredTasks.count(results) > stored }
        try slurm.startController()
        try eventually(within: .seconds(60)) { try slurm.slurm("sinfo -h -o %D") != "" }
        brake.release()
        try checkComplete(coordinator)
        #expect(try slurm.slurm("sinfo -h -n n1 -o %T").hasPrefix("drain"))
    }

    @Test(
        "A worker leaves before its job ends, or when Slurm ends it, and is replaced at no cost",
        arguments: [true, false])
    func wallTime(knowsItsEnd: Bool) throws {
        if !knowsItsEnd { try hideTheJob() }
        let coordinator = try Command(
            [
                "coordinator", "sweep.yaml", "--listen", "tcp://127.0.0.1:*", "--crash-limit", "1",
                "--launch", knowsItsEnd ? "slurm:max=1" : "./launcher:max=1", "--launch-option",
                "--time=1",
            ], in: workspace.folder, environment: slurm.environment)
        // The sweep takes three minutes like that.
        let brake = try slowDown(centiseconds: 48)
        try eventually { !workers().isEmpty }
        let first = workers()
        try eventually(within: .seconds(150)) { workers() != first && workers().count == 1 }
        brake.release()
        try checkComplete(coordinator)
        let log = try workspace.read("results/sweep/workers/1_1.log")
        if knowsItsEnd {
            #expect(log.contains("its job ends in") && log.contains("its time limit has come"))
        } else {
            #expect(log.contains("DUE TO TIME LIMIT"))
        }
    }

    /// A launcher whose workers can't ask for their job's end.
    private func hideTheJob() throws {
        let launcher = Launchers.folder.appendingPathComponent("slurm").path
        try workspace.write(
            "launcher",
            """
            #!/bin/bash
            arguments=()
            for word in "$@"; do
              arguments+=("$word")
              [ "$word" != -- ] || arguments+=(env -u SLURM_JOB_ID)
            done
            exec '\(launcher)' "${arguments[@]}"
            """)
        chmod(workspace.folder.appendingPathComponent("launcher").path, 0o755)
    }

    @Test("A partition that Slurm doesn't have ends the run, in Slurm's words")
    func refused() throws {
        let ended = try start("--partition=nowhere").wait()
        #expect(ended.status == 1)
        #expect(ended.errors.contains("Invalid partition name specified"))
        #expect(ended.errors.contains("it isn't tried again"))
        #expect(ended.errors.contains("the run can't go on: slurm starts no worker"))
        #expect(try workspace.run("status", "results/sweep").output.contains("Invalid partition"))
        #expect(try slurm.isQueueEmpty())
    }

    @Test(
        "An interrupt leaves nothing in the queue; a killed coordinator's jobs are the next one's")
    func interruptedAndKilled() throws {
        // No node has so many cores: they stay in the queue.
        try slurm.slurm("scontrol update PartitionName=main State=DOWN")
        let first = try start(maximum: 4)
        func queued() throws -> Int {
            try slurm.slurm("squeue -h -r -o %i").split(separator: "\n").count
        }
        try eventually { try queued() == 1 }
        first.signal(SIGKILL)
        _ = try first.wait()
        let second = try start(maximum: 4)
        try eventually {
            let status = try Status(
                encoded: Data(contentsOf: results.appendingPathComponent(".status.json")))
            return status.process.pid == second.pid && status.run.launch?.queued == 1
        }
        // That it asks for no other one within two seconds is what is tested.
        usleep(2_000_000)
        #expect(try queued() == 1)
        second.signal(SIGINT)
        #expect(try second.wait().status == 130)
        #expect(try slurm.isQueueEmpty())
    }

    @Test(
        "By hand: sbatch workers.sbatch, srun kdsweep worker, and run inside a job, with its cores")
    func byHand() throws {
        let coordinator = try Command(
            ["coordinator", "sweep.yaml", "--listen", "tcp://127.0.0.1:*"], in: workspace.folder,
            environment: slurm.environment)
        try eventually { coordinator.errorsSoFar.contains("listening on") }
        let access = try #require(
            try FileManager.default.contentsOfDirectory(
                at: workspace.folder.appendingPathComponent("home/access"),
                includingPropertiesForKeys: nil
            ).first
        ).path
        let kdsweep = Command.executable.path
        let script = Repository.file("cluster/slurm/workers.sbatch").path
        try slurm.slurm(
            "PATH=\(Command.executable.deletingLastPathComponent().path):$PATH sbatch --array=1-2 "
                + "'\(script)' '\(access)'")
        let srun = try slurm.begin(
            "srun --mpi=none -n 1 '\(kdsweep)' worker --access '\(access)'")
        try checkComplete(coordinator)
        #expect(try srun.wait().status == 0)
        #expect(try StoredTasks(results).workers == 3)
        // Two cores there are; the job has one, and so there is one worker.
        try slurm.slurm(
            "cd '\(workspace.folder.path)' && sbatch --wait -c 1 --wrap "
                + "\"'\(kdsweep)' run sweep.yaml --output inside\"")
        #expect(try workspace.csvs("inside") == TroubledSweep.solved.reference())
        let folder = workspace.folder.appendingPathComponent("inside")
        #expect(try StoredTasks(folder).workers == 1)
    }
}
