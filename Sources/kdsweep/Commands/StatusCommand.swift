import ArgumentParser
import Foundation
import Results

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Says how a run stands: its workers, tasks, rate and time left.",
        discussion: """
            Reads the snapshot that a run's process writes into its results folder each second. Works on \
            any machine that sees the folder, and after the run too.

            Examples:
              kdsweep status
              kdsweep status results/quickstart --json
            """)

    @Argument(
        help: "The results folder, or its name below ./results (default: the newest there).",
        completion: .directory)
    var folder: String?

    @Flag(help: "Print the snapshot itself.")
    var json = false

    func run() throws {
        let folder = try folder.map(ResultsFolder.found(at:)) ?? Self.newest()
        let data: Data
        do { data = try Data(contentsOf: folder.status) } catch {
            throw Refusal(
                "there is no snapshot in \(folder.url.relativePath); give the results folder of a run"
            )
        }
        let status: Status
        do { status = try Status(encoded: data) } catch {
            throw Refusal("\(folder.status.relativePath): \(error)")
        }
        guard !json else {
            return try Output.print(String(decoding: data, as: UTF8.self), terminator: "")
        }
        let report = StatusReport(
            status, in: folder.url.relativePath, now: Date(), isAlive: status.process.isAlive)
        try Output.print(report.text, terminator: "")
    }

    /// The folder below ./results whose run has written last.
    private static func newest() throws -> ResultsFolder {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "results")) ?? []
        let found = names.compactMap { name -> (folder: ResultsFolder, at: Date)? in
            let folder = ResultsFolder(named: name)
            let values = try? FileManager.default.attributesOfItem(atPath: folder.status.path)
            return (values?[.modificationDate] as? Date).map { (folder, $0) }
        }
        guard let newest = found.max(by: { $0.at < $1.at }) else {
            throw Refusal("no run has left a snapshot below ./results; give its results folder")
        }
        return newest.folder
    }
}
