import Foundation
import Testing
import Waiting

/// A block that really kills whoever solves it: its workers may not have the memory that it needs,
/// though the machine has it, as where an administrator limits processes and nobody told kdsweep.
struct PoisonTests {
    private let workspace: Workspace
    /// The rows of the small blocks, as an undisturbed run wrote them.
    private let small: [Substring]
    /// Kilobytes of memory of a process' own.
    private let limit: Int

    private static func sweep(widths: String) -> String {
        """
        task: {kind: gaussian-mixture, dimension: 3, components: 4, spread: 0.5, separation: 2}
        oracle_samples: 64
        test_samples: 50
        grid: {width: [\(widths)], sample_size: [10, 40], soft_ratio: [0, 1], teacher_noise: 0, depth: 1, seed: 0}
        """
    }

    private static let smallWidths = "100, 120, 140, 160, 180, 200"

    init() throws {
        let workspace = try Workspace()
        self.workspace = workspace
        try workspace.write("small.yaml", Self.sweep(widths: Self.smallWidths))
        // Some 1.5 GB, and the first that is given out.
        try workspace.write("poison.yaml", Self.sweep(widths: "500000, \(Self.smallWidths)"))
        let command = try Command(["run", "small.yaml", "--workers", "1"], in: workspace.folder)
        var peak = 0
        try eventually {
            for worker in command.workers { peak = max(peak, Self.data(of: worker)) }
            return workspace.exists("results/small/cells.csv")
        }
        try #require(try command.wait().status == 0)
        try #require(peak > 0)
        limit = peak + 200_000
        small = Self.rows(try workspace.read("results/small/cells.csv"))
    }

    /// Kilobytes of its own, in use or not, that a process has; 0 of one that is gone.
    private static func data(of pid: pid_t) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmData:") }
        return line.flatMap { Int($0.split(whereSeparator: \.isWhitespace)[1]) } ?? 0
    }

    private static func rows(_ csv: String) -> [Substring] {
        Array(csv.split(separator: "\n").dropFirst())
    }

    /// kdsweep with so little memory for itself and for whomever it starts.
    private func start(_ arguments: [String]) throws -> Command {
        try Command(
            ["-c", "ulimit -d \(limit) && exec \"$0\" \"$@\"", Command.executable.path] + arguments,
            in: workspace.folder, executable: URL(filePath: "/bin/sh"))
    }

    /// That the large block's cells, and only these, failed, after so many deaths.
    private func check(_ run: Command.Result, reason: String) throws {
        #expect(run.status == 1, "\(run.errors)")
        let rows = Self.rows(try workspace.read("results/poison/cells.csv"))
        let poisoned = rows.filter { $0.hasPrefix("500000,") }
        #expect(poisoned.count == 4)
        for row in poisoned {
            #expect(row.contains(",failed,") && row.hasSuffix(reason), "\(row)")
        }
        #expect(rows.filter { !$0.hasPrefix("500000,") } == small)
        let stored = try StoredTasks(
            workspace.folder.appendingPathComponent("results/poison"))
        #expect(stored.tasks.count == 7 && stored.rows == 28 && stored.cells == 28)
    }

    @Test(
        "A block that kills its workers costs as many as it may, and no other cell",
        arguments: [
            (["--crash-limit", "1"], 1, "crashed 1 worker"), ([], 3, "crashed 3 workers"),
            (["--crash-limit", "5"], 5, "crashed 5 workers"),
        ])
    func costs(limit: [String], deaths: Int, reason: String) throws {
        let run = try start(["run", "poison.yaml", "--workers", "2"] + limit).wait()
        try check(run, reason: "\(reason); the last: killed by signal 6")
        // Not line by line: a dying worker's own words may have no end.
        func mentions(_ text: String) -> Int {
            run.errors.components(separatedBy: text).count - 1
        }
        let death = "killed by signal 6"
        let count = mentions(death) - mentions("the last: \(death)")
        // One more where an idle worker was at it too: the first death is the first that counts.
        #expect(count == deaths || count == deaths + 1, "\(run.errors)")
    }

    @Test("With the memory that it needs the block is no poison: a new run tries it again")
    func cured() throws {
        try check(
            try start(["run", "poison.yaml", "--workers", "2"]).wait(),
            reason: "crashed 3 workers; the last: killed by signal 6")
        let again = try workspace.run("run", "poison.yaml", "--workers", "1")
        #expect(again.status == 0, "\(again.errors)")
        let rows = Self.rows(try workspace.read("results/poison/cells.csv"))
        #expect(rows.count == 28 && rows.allSatisfy { $0.contains(",ok,") })
        #expect(rows.filter { !$0.hasPrefix("500000,") } == small)
    }
}
