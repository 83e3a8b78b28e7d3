import Cluster
import Foundation
import Testing
import Waiting

struct CommandLineTests {
    private let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        try workspace.write("good.yaml", Self.good)
    }

    private static let good = """
        task: {kind: gaussian-mixture, dimension: 2, components: 2, spread: 0.5, separation: 1}
        oracle_samples: 16
        test_samples: 10
        grid: {width: infinite, sample_size: 8, soft_ratio: [0, 1], teacher_noise: 0, seed: 0}
        """

    @Test("A refused sweep file: every fault on standard error, exit code 2, nothing written")
    func refusedFile() throws {
        try workspace.write(
            "bad.yaml",
            Self.good.replacingOccurrences(of: "spread: 0.5", with: "spread: -1")
                .replacingOccurrences(of: "seed: 0", with: "sed: 0"))
        let run = try workspace.run("run", "bad.yaml")
        #expect(run.status == 2)
        #expect(run.errors.contains("bad.yaml:1: task.spread:"), "\(run.errors)")
        #expect(run.errors.contains("bad.yaml:4: grid.sed:"), "\(run.errors)")
        #expect(run.errors.contains("seed"))
        #expect(run.output == "" && !workspace.exists("results"))
    }

    @Test(
        "Arguments that can't be taken end with exit code 2 and say what would be right",
        arguments: [
            (["run"], "SWEEP"), (["run", "nowhere.yaml"], "nowhere.yaml"),
            (["run", "good.yaml", "--workers", "0"], "--workers"),
            (["run", "good.yaml", "--threads", "none"], "threads"),
            (["run", "good.yaml", "--threads", "4096"], "cores"),
            (["run", "good.yaml", "--output", "good.yaml"], "good.yaml"),
            (["run", "good.yaml", "--log-level", "loud"], "debug"),
            (["run", "good.yaml", "--crash-limit", "0"], "crash-limit"),
            (["coordinator", "good.yaml", "--launch", "slurm"], "max=N"),
            (["coordinator", "good.yaml", "--listen", "tcp://*"], "tcp://*:PORT"),
            (["coordinator", "good.yaml", "--listen", "ipc:///tmp/x"], "tcp://*:PORT"),
            (["coordinator", "good.yaml", "--listen", "tcp://*:70000"], "65535"),
            (["worker", "--access", "good.yaml"], "is not an access file"),
            (["worker", "--access", "good.yaml", "--connect", "ipc:///tmp/x"], "--connect"),
            (["worker", "--idle-timeout", "soon"], "idle-timeout"),
            (["sweep"], "sweep"), (["export", "nowhere"], "nowhere"),
            (["export", "good.yaml"], "good.yaml"), (["status", "nowhere"], "nowhere"),
            (["status"], "./results"), (["status", "--jsno"], "--json"),
        ])
    func refusedArguments(arguments: [String], mention: String) throws {
        let run = try Command(arguments, in: workspace.folder).wait()
        #expect(run.status == 2, "\(run.errors)")
        #expect(run.errors.lowercased().contains(mention.lowercased()), "\(run.errors)")
        #expect(!workspace.exists("results"))
    }

    @Test(
        "Help names every command and option",
        arguments: [
            ([], ["run", "coordinator", "worker", "status", "export", "Exit codes"]),
            (
                ["run"],
                ["--output", "--workers", "--threads", "--crash-limit", "--log-level", "resumes"]
            ),
            (["worker"], ["--access", "--connect", "--time-limit", "--idle-timeout"]),
            (
                ["coordinator"],
                ["--listen", "--output", "--threads", "--crash-limit", "access file"]
            ),
            (["export"], ["results folder"]),
            (["status"], ["--json", "./results"]),
        ])
    func help(command: [String], mentions: [String]) throws {
        let run = try Command(command + ["--help"], in: workspace.folder).wait()
        #expect(run.status == 0 && run.errors == "")
        for mention in mentions { #expect(run.output.contains(mention), "\(run.output)") }
    }

    @Test("The version is that of the build")
    func version() throws {
        let run = try workspace.run("--version")
        #expect(run.status == 0 && run.errors == "")
        let text = try #require(run.output.wholeMatch(of: /kdsweep (.+) \(build [0-9a-f]{12}\)\n/))
        #expect(text.1 == Build.version)
    }

    @Test("What goes to which stream, and where the results go")
    func streams() throws {
        let run = try workspace.run("run", "good.yaml")
        #expect(run.status == 0, "\(run.errors)")
        let tables = ["cells.csv", "summary.csv", "best.csv"]
        #expect(run.output == tables.map { "results/good/\($0)\n" }.joined())
        #expect(run.errors.contains("good: 2 cells, 2 ok"))
        let other = try workspace.run("run", "good.yaml", "--output", "elsewhere/deep")
        #expect(other.output == tables.map { "elsewhere/deep/\($0)\n" }.joined())
        let names = try FileManager.default.contentsOfDirectory(
            atPath: workspace.folder.appendingPathComponent("results/good").path)
        let visible = names.filter { !$0.hasPrefix(".") }
        #expect(
            visible.sorted()
                == ["best.csv", "cells.csv", "summary.csv", "sweep.sqlite", "sweep.yaml"],
            "\(names)")
    }

    @Test("A failed run leaves the old CSVs as they were")
    func keepsOld() throws {
        #expect(try workspace.run("run", "good.yaml").status == 0)
        let before = try workspace.csvs("results/good")
        try workspace.write("good.yaml", Self.good + "\nnonsense: 1")
        #expect(try workspace.run("run", "good.yaml").status == 2)
        #expect(try workspace.csvs("results/good") == before)
    }

    @Test(
        "A table that changes or vanishes during the run does no harm, also to a worker that is started anew",
        arguments: ["changed", nil])
    func changedTable(to text: String?) throws {
        let table = workspace.folder.appendingPathComponent("t.csv")
        let rows = (0..<40).map { "\($0 * 3),\($0 % 7),\($0 % 2),\(Double($0) - 20)" }
        try workspace.write("t.csv", "a,b,label,teacher_logit\n" + rows.joined(separator: "\n"))
        try workspace.write(
            "t.yaml",
            """
            task: {kind: table, file: t.csv}
            oracle_samples: 20
            test_samples: 20
            grid: {width: infinite, sample_size: 8, soft_ratio: 1, teacher_noise: 0, seed: {from: 0, to: 4000, count: 4001}}
            """)
        let command = try Command(["run", "t.yaml", "--workers", "1"], in: workspace.folder)
        let results = workspace.folder.appendingPathComponent("results/t")
        try eventually { StoredTasks.count(results) >= 1 }
        if let text {
            try Data(text.utf8).write(to: table)
        } else {
            try FileManager.default.removeItem(at: table)
        }
        let workers = command.workers
        for worker in workers { kill(worker, SIGKILL) }
        let run = try command.wait()
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("killed by signal 9"), "\(run.errors)")
        let stored = try StoredTasks(results)
        #expect(stored.cells == 4001 && stored.workers == 2)
        // A new run looks at the file again.
        let again = try workspace.run("run", "t.yaml", "--workers", "1")
        #expect(again.status == 2 && again.errors.contains("t.csv"), "\(again.errors)")
    }
}
