import Foundation
import GRDB
import Testing

/// Results folders as older builds have left them are opened for ever.
struct OlderFolderTests {
    private let workspace: Workspace
    private let csv: String

    /// A folder with a store of version 2, of 48 cells that are ok, 24 singular and 24 failed.
    init() throws {
        workspace = try Workspace()
        let folder = workspace.folder.appendingPathComponent("results/older")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: fixture("version-2.sqlite"), to: folder.appendingPathComponent("sweep.sqlite"))
        csv = Self.withAxes(
            try String(contentsOf: fixture("version-2.csv"), encoding: .utf8))
        // Axes that are spelt out, whatever a sweep file's defaults become.
        try workspace.write(
            "older.yaml", String(contentsOf: fixture("version-2.yaml"), encoding: .utf8))
    }

    /// The rows with the axes that there were none of then.
    private static func withAxes(_ text: String) -> String {
        text.split(separator: "\n").enumerated().map { number, line in
            let comma = line.firstIndex(of: ",")!
            let axes = number == 0 ? "model,steps" : "linearised,inf"
            return "\(line[..<comma]),\(axes)\(line[comma...])\n"
        }.joined()
    }

    /// The rows with the metrics that there were none of then: the last columns before the error.
    private func withMetrics(_ rows: [Substring]) -> [String] {
        rows.enumerated().map { number, row in
            let comma = row.lastIndex(of: ",")!
            let metrics =
                row.hasPrefix("width,")
                ? ",excess_loss,limit_risk,sharpness,linearisation_gap,linearisation_risk,weight_change,"
                    + "kernel_change" : ",,,,,,,"
            return row[..<comma] + metrics + row[comma...]
        }
    }

    private func rows(_ text: String, failed: Bool) -> [Substring] {
        text.split(separator: "\n").filter { $0.contains(",failed,") == failed }
    }

    @Test(
        "A store of version 2 gives the bytes that it gave, and a run computes nothing of it anew")
    func version2() throws {
        let export = try workspace.run("export", "results/older")
        #expect(export.status == 0, "\(export.errors)")
        #expect(try workspace.read("results/older/cells.csv") == csv)
        // Those that failed for want of memory are tried again, on this machine.
        let run = try workspace.run("run", "older.yaml", "--workers", "1")
        #expect(run.status == 1 && run.errors.contains("72 were stored already"), "\(run.errors)")
        let after = try workspace.read("results/older/cells.csv")
        #expect(
            rows(after, failed: false).map(String.init) == withMetrics(rows(csv, failed: false)))
        #expect(rows(after, failed: true).count == 24)
    }

    @Test(
        "A sweep that this build can't read keeps nobody from running: its rows are found by digest"
    )
    func unreadableSweep() throws {
        let path = workspace.folder.appendingPathComponent("results/older/sweep.sqlite").path
        let database = try DatabaseQueue(path: path)
        try database.write { try $0.execute(sql: "UPDATE runs SET sweep = '{\"grid\": 7}'") }
        try database.close()
        let export = try workspace.run("export", "results/older")
        #expect(
            export.status == 2 && export.errors.contains("run its sweep file again"),
            "\(export.errors)")
        let run = try workspace.run("run", "older.yaml", "--workers", "1")
        #expect(run.errors.contains("72 were stored already"), "\(run.errors)")
        #expect(
            rows(try workspace.read("results/older/cells.csv"), failed: false).map(String.init)
                == withMetrics(rows(csv, failed: false)))
    }

    @Test("Results of workers of different threads are warned of once, and the store has them")
    func threads() throws {
        let sweep = fortyTasks.replacing("to: 19, count: 20", with: "to: 1, count: 2")
        try workspace.write("sweep.yaml", sweep)
        let first = try workspace.run("run", "sweep.yaml", "--workers", "1")
        #expect(first.status == 0 && !first.errors.contains("--threads"), "\(first.errors)")
        try workspace.write(
            "sweep.yaml", sweep.replacing("to: 1, count: 2", with: "to: 3, count: 4"))
        let second = try workspace.run("run", "sweep.yaml", "--workers", "1", "--threads", "2")
        #expect(second.status == 0, "\(second.errors)")
        #expect(
            second.errors.components(
                separatedBy: "different --threads, whose last digits differ: 1, 2"
            )
            .count == 2, "\(second.errors)")
        let path = workspace.folder.appendingPathComponent("results/sweep/sweep.sqlite").path
        let threads = try DatabaseQueue(path: path).read {
            try String.fetchAll(
                $0, sql: "SELECT threads || ' ' || count(*) FROM cells GROUP BY threads")
        }
        #expect(threads == ["1 144", "2 144"])
    }

    @Test(
        "The results folder goes amid a run: that is said at once, and what was stored is there again"
    )
    func deletedFolder() throws {
        let network = try Network()
        let coordinator = try network.startCoordinator()
        let (workers, brake) = try network.startSlowWorkers(1, untilStored: 3)
        defer { brake.release() }
        let before = try StoredTasks(network.results).rows
        try FileManager.default.removeItem(at: network.results)
        let run = try coordinator.wait()
        #expect(
            run.status == 1 && run.errors.contains("has been written there anew"), "\(run.errors)")
        brake.release()
        #expect(try workers[0].wait().status == 0)
        #expect(try StoredTasks(network.results).rows >= before)
        #expect(try network.workspace.run("run", "sweep.yaml", "--workers", "1").status == 0)
        #expect(try network.workspace.csvs("results/sweep") == network.reference)
    }
}
