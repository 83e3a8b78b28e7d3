import Foundation
import Testing
import Waiting

/// What is around a run: whoever reads what it says, who started it and how, and what it finds of the
/// machine. None of it ends the work or changes what comes out.
@Suite(.serialized, .timeLimit(.minutes(10))) struct SurroundingsTests {
    private let workspace: Workspace
    private let reference: [String]

    init() throws {
        workspace = try Workspace()
        try workspace.write("sweep.yaml", fortyTasks)
        reference = try LineTests.reference.get()
    }

    private var results: URL { workspace.folder.appendingPathComponent("results/sweep") }
    private static let run = "'\(Command.executable.path)' run sweep.yaml --workers 2"

    /// Runs a line of bash, which sees kdsweep as a user's does.
    private func bash(_ line: String, _ environment: [String: String] = [:]) throws
        -> Command.Result
    {
        try Command(
            ["-c", line], in: workspace.folder, executable: URL(filePath: "/bin/bash"),
            environment: environment
        ).wait()
    }

    private func checkComplete() throws {
        #expect(try workspace.csvs("results/sweep") == reference)
    }

    // MARK: - Who reads

    @Test(
        "Messages that can't be written are dropped",
        arguments: [
            "2>/dev/full", "2>&1 | head -c 1 >/dev/null", "2>&-", "2>&- >&- <&-", "2>&1 >/dev/full",
        ])
    func unreadable(redirection: String) throws {
        let run = try bash("\(Self.run) \(redirection); exit ${PIPESTATUS[0]}")
        // What it was called for is the CSVs, and their names.
        #expect(
            run.status
                == (redirection.hasSuffix(">/dev/full") && !redirection.hasPrefix("2>/dev") ? 1 : 0)
        )
        try checkComplete()
        let lock = try workspace.read("results/sweep/.lock")
        #expect(lock.hasPrefix("process ") && !lock.contains("cells"), "\(lock)")
    }

    @Test("A worker whose messages can't be written goes on, and so does a coordinator")
    func unreadableWorker() throws {
        let line = "'\(Command.executable.path)'"
        let coordinator = try Command(
            [
                "-c",
                "\(line) coordinator sweep.yaml --listen 'tcp://127.0.0.1:*' 2>&1 | head -c 1; exit ${PIPESTATUS[0]}",
            ],
            in: workspace.folder, executable: URL(filePath: "/bin/bash"))
        try eventually {
            FileManager.default.fileExists(atPath: workspace.folder.path + "/home/access")
        }
        let worker = try bash("\(line) worker --log-level trace 2>/dev/full")
        #expect(worker.status == 0)
        #expect(try coordinator.wait().status == 0)
        try checkComplete()
        let access = workspace.folder.appendingPathComponent("home/access").path
        #expect(try FileManager.default.contentsOfDirectory(atPath: access).isEmpty)
    }

    @Test("A reader who stands still doesn't keep the work waiting")
    func stuckReader() throws {
        // Nobody reads the pipe, which is full already.
        let run = try bash(
            """
            mkfifo pipe; sleep 300 <>pipe & reader=$!
            dd if=/dev/zero of=pipe oflag=nonblock bs=512 2>dd.txt
            \(Self.run) --log-level trace 2>pipe; status=$?
            kill -KILL $reader; exit $status
            """)
        #expect(run.status == 0)
        try checkComplete()
    }

    @Test(
        "What was asked for and can't be written is an error, but for a reader who has seen enough")
    func output() throws {
        let plan = "'\(Command.executable.path)' plan sweep.yaml --json"
        let full = try bash("\(plan) >/dev/full")
        #expect(full.status == 1 && full.errors.contains("standard output can't be written"))
        let head = try bash("\(plan) | head -c 1 >/dev/null; exit ${PIPESTATUS[0]}")
        #expect(head.status == 0 && !head.errors.contains("can't"), "\(head.errors)")
    }

    // MARK: - Who sends signals

    /// A run whose workers are slow until the brake is released.
    private func startSlowly(_ line: String) throws -> (command: Command, pid: pid_t, brake: Brake)
    {
        let file = "pid-\(UUID().uuidString)"
        let command = try Command(
            ["-c", "echo $$ >\(file); exec \(line)"], in: workspace.folder,
            executable: URL(filePath: "/bin/bash"))
        try eventually { (try? workspace.read(file).hasSuffix("\n")) ?? false }
        let pid = try #require(pid_t(workspace.read(file).dropLast()))
        var workers: [pid_t] = []
        try eventually {
            workers = Command.workers(of: pid)
            return workers.count == 2
        }
        return (command, pid, Brake(workers))
    }

    @Test("What a run was started to ignore it ignores, and its workers too")
    func nohup() throws {
        let (command, pid, brake) = try startSlowly("nohup \(Self.run)")
        defer { brake.release() }
        try eventually { StoredTasks.count(results) >= 1 }
        for process in [pid] + Command.workers(of: pid) { kill(process, SIGHUP) }
        let stored = StoredTasks.count(results)
        try eventually { StoredTasks.count(results) > stored }
        kill(pid, SIGHUP)
        brake.release()
        #expect(try command.wait().status == 0)
        try checkComplete()
    }

    @Test("Signals that come again soon, and others than Ctrl-C, force nothing")
    func closingTerminal() throws {
        for signals in [[SIGHUP, SIGHUP], [SIGINT, SIGINT], [SIGTERM, SIGTERM, SIGINT]] {
            let (command, pid, brake) = try startSlowly(Self.run)
            defer { brake.release() }
            let before = StoredTasks.count(results)
            try eventually { StoredTasks.count(results) > before }
            for signal in signals { kill(pid, signal) }
            brake.release()
            let run = try command.wait()
            #expect(
                run.status == 130 && run.errors.contains("everything received is stored"),
                "\(run.errors)")
        }
        #expect(try bash(Self.run).status == 0)
        try checkComplete()
    }

    @Test("Ctrl-C is heard while many cells' CSVs are written, which all stay to be written")
    func interruptedExport() throws {
        // Enough of them that the writing takes its time, and of the cheapest kind.
        try workspace.write(
            "many.yaml",
            """
            task: {kind: gaussian-mixture, dimension: 2, components: 2, spread: 0.5, separation: 2}
            oracle_samples: 4
            test_samples: 1
            metrics: [teacher_error]
            grid:
              width: infinite
              sample_size: [2, 4]
              soft_ratio: {from: 0, to: 1, count: 400}
              teacher_noise: {from: 0, to: 1, count: 250}
              depth: 1
              seed: [0, 1]
            """)
        let arguments = ["run", "many.yaml", "--workers", "2"]
        let command = try Command(arguments, in: workspace.folder)
        func isWriting() -> Bool {
            let names = try? FileManager.default.contentsOfDirectory(
                atPath: workspace.folder.path + "/results/many")
            return (names ?? []).contains { $0.hasPrefix(".cells.csv") }
        }
        try eventually(within: .seconds(120), isWriting)
        let asked = ContinuousClock.now
        command.signal(SIGINT)
        let run = try command.wait()
        #expect(ContinuousClock.now - asked < .soon)
        #expect(
            run.status == 130 && run.errors.contains("while the CSVs were written"), "\(run.errors)"
        )
        #expect(!workspace.exists("results/many/cells.csv") && !isWriting())
        let again = try Command(arguments, in: workspace.folder).wait()
        #expect(
            again.status == 0 && again.errors.contains("400000 were stored already"),
            "\(again.errors)")
        #expect(workspace.exists("results/many/cells.csv"))
    }

    @Test("While a launcher keeps it waiting it says so, and a second Ctrl-C leaves at once")
    func secondInterrupt() throws {
        try workspace.writeUnstoppableLauncher("slow")
        let coordinator = try Command(
            [
                "coordinator", "sweep.yaml", "--listen", "tcp://127.0.0.1:*", "--launch",
                "./slow:max=1",
            ],
            in: workspace.folder)
        // It has been told of the worker that it has.
        try eventually {
            try workspace.run("status", "results/sweep").output
                .contains("launch   ./slow: 1 running")
        }
        coordinator.signal(SIGINT)
        try eventually { coordinator.errorsSoFar.contains("Ctrl-C again leaves at once") }
        #expect(
            coordinator.errorsSoFar.contains("waiting for ./slow to stop its last worker"),
            "\(coordinator.errorsSoFar)")
        let asked = ContinuousClock.now
        coordinator.signal(SIGINT)
        #expect(try coordinator.wait().status == 130)
        #expect(ContinuousClock.now - asked < .soon)
    }

    // MARK: - What it is started from and with

    @Test("The executable is replaced and a worker dies: the next one is of the running build")
    func replacedExecutable() throws {
        let copy = workspace.folder.appendingPathComponent("kdsweep")
        try FileManager.default.copyItem(at: Command.executable, to: copy)
        let (command, pid, brake) = try startSlowly("./kdsweep run sweep.yaml --workers 2")
        defer { brake.release() }
        try eventually { StoredTasks.count(results) >= 1 }
        try workspace.write("other", "#!/bin/sh\nexit 1\n")
        chmod(workspace.folder.appendingPathComponent("other").path, 0o755)
        rename(workspace.folder.appendingPathComponent("other").path, copy.path)
        let victim = try #require(Command.workers(of: pid).first)
        kill(victim, SIGKILL)
        brake.release()
        let run = try command.wait()
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("killed by signal 9"))
        try checkComplete()
    }

    @Test(
        "A folder for temporary files that isn't there, and a home that only the environment knows")
    func environment() throws {
        #expect(try bash(Self.run, ["TMPDIR": "/nowhere/at/all"]).status == 0)
        try checkComplete()
        let other = try Workspace()
        let home = try Command(
            ["worker", "--idle-timeout", "1"], in: other.folder,
            environment: ["KDSWEEP_HOME": "", "HOME": other.folder.path]
        ).wait()
        #expect(home.errors.contains("\(other.folder.path)/.kdsweep/access"), "\(home.errors)")
    }

    @Test("A limit of the address space bounds what a worker is given, as one of the memory does")
    func addressSpace() throws {
        // Some 1.7 GB for a task of the larger width.
        try workspace.write(
            "wide.yaml",
            """
            task: {kind: gaussian-mixture, dimension: 3, components: 4, spread: 0.5, separation: 2}
            oracle_samples: 64
            test_samples: 50
            metrics: [teacher_error]
            grid: {width: [100, 600000], sample_size: 10, soft_ratio: 0, teacher_noise: 0, depth: 1, seed: 0}
            """)
        let run = "'\(Command.executable.path)' run wide.yaml --workers 1"
        let tight = try bash("ulimit -v 1500000; \(run)")
        #expect(
            tight.status == 1 && tight.errors.contains("the largest worker has"), "\(tight.errors)")
        let rows = CSVTable(try workspace.read("results/wide/cells.csv")).rows
        #expect(rows.map { $0["status"] } == ["ok", "failed"])
        let wide = try bash("ulimit -v 6000000; \(run)")
        #expect(wide.status == 0, "\(wide.errors)")
    }

    @Test(
        "What a killed run leaves among the temporary files goes with the next one, and nobody else's"
    )
    func temporaryFolders() throws {
        let place = workspace.folder.appendingPathComponent("tmp")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        func folders() throws -> Set<String> {
            Set(
                try FileManager.default.contentsOfDirectory(atPath: place.path).filter {
                    $0.hasPrefix("kdsweep-")
                })
        }
        let (command, pid, brake) = try startSlowly("env TMPDIR='\(place.path)' \(Self.run)")
        defer { brake.release() }
        let first = try folders()
        #expect(first.count == 1)
        kill(pid, SIGKILL)
        brake.release()
        _ = try command.wait()
        #expect(try folders() == first)
        let (second, _, otherBrake) = try startSlowly("env TMPDIR='\(place.path)' \(Self.run)")
        defer { otherBrake.release() }
        let living = try folders()
        #expect(living.count == 1 && living != first)
        // One of another run, beside it.
        let beside = try bash("\(Self.run) --output beside", ["TMPDIR": place.path])
        #expect(try beside.status == 0 && folders() == living)
        otherBrake.release()
        #expect(try second.wait().status == 0 && folders().isEmpty)
        try checkComplete()
    }

    @Test("A coordinator listens at a name; one that nobody knows is refused")
    func names() throws {
        let network = try Network()
        let coordinator = try network.startCoordinator("tcp://localhost:*")
        #expect(coordinator.errorsSoFar.contains("listening on tcp://127.0.0.1:"))
        #expect(try network.access()["hosts"] as? [String] == ["localhost"])
        let worker = try network.startWorker()
        #expect(try coordinator.wait().status == 0 && worker.wait().status == 0)
        let run = try workspace.run(
            "coordinator", "sweep.yaml", "--listen", "tcp://nowhere.invalid:*")
        #expect(
            run.status == 2 && run.errors.contains("nowhere.invalid can't be resolved"),
            "\(run.errors)")
    }
}
