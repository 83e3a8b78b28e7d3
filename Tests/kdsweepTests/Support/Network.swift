import Foundation
import Testing
import Waiting

/// A workspace with a sweep of forty tasks, and the coordinators and workers that a test starts.
struct Network {
    let workspace: Workspace
    let reference: [String]

    init() throws {
        workspace = try Workspace()
        try workspace.write("sweep.yaml", fortyTasks)
        reference = try LineTests.reference.get()
    }

    var results: URL { workspace.folder.appendingPathComponent("results/sweep") }
    var identity: URL { results.appendingPathComponent(".coordinator.json") }
    var accessFolder: URL { workspace.folder.appendingPathComponent("home/access") }

    /// Returns when it listens.
    func startCoordinator(_ listen: String = "tcp://127.0.0.1:*") throws -> Command {
        let command = try Command(
            ["coordinator", "sweep.yaml", "--listen", listen], in: workspace.folder)
        try eventually { command.errorsSoFar.contains("listening on") }
        return command
    }

    func startWorker(_ arguments: String...) throws -> Command {
        try Command(["worker"] + arguments, in: workspace.folder)
    }

    /// Workers that are slow until the brake is released, so that what a test does next comes amid the
    /// work. Returns when so many tasks are stored.
    func startSlowWorkers(_ count: Int, _ arguments: String..., untilStored tasks: Int) throws -> (
        workers: [Command], brake: Brake
    ) {
        let workers = try (0..<count).map { _ in
            try Command(["worker"] + arguments, in: workspace.folder)
        }
        let brake = Brake(workers.map(\.pid))
        do { try eventually { StoredTasks.count(results) >= tasks } } catch {
            brake.release()
            throw error
        }
        return (workers, brake)
    }

    func accessFiles() -> [URL] {
        let names = try? FileManager.default.contentsOfDirectory(
            at: accessFolder, includingPropertiesForKeys: nil)
        return names ?? []
    }

    /// What the only access file says.
    func access() throws -> [String: Any] {
        let files = accessFiles()
        try #require(files.count == 1, "\(files)")
        let content = try JSONSerialization.jsonObject(with: Data(contentsOf: files[0]))
        return try #require(content as? [String: Any])
    }

    /// A copy of the access file with other values, and the worker's answer to it.
    func runWorker(changing changes: [String: Any], _ options: String...) throws
        -> Command.Result
    {
        let content = try access().merging(changes) { $1 }
        let name = "changed-\(UUID().uuidString).json"
        try JSONSerialization.data(withJSONObject: content)
            .write(to: workspace.folder.appendingPathComponent(name))
        return try Command(
            ["worker", "--access", name] + options, in: workspace.folder
        ).wait()
    }

    func port() throws -> Int { try #require(try access()["port"] as? Int) }
}

func mode(_ file: URL) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
    return try #require(attributes[.posixPermissions] as? Int)
}
