import Foundation
import GRDB

/// What a store says of the work that was done for it.
struct StoredTasks {
    /// (block, cells) of every task ever stored, in the order of their storing.
    let tasks: [(block: Int, cells: Int)]
    /// Rows of the store.
    let rows: Int
    /// Distinct pids of those who solved.
    let workers: Int

    /// None of it where there is no store yet.
    init(_ folder: URL) throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        let path = folder.appendingPathComponent("sweep.sqlite").path
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        (tasks, rows, workers) = try queue.read { database in
            let tasks = try Row.fetchAll(
                database, sql: "SELECT number, cells FROM tasks ORDER BY id")
            return (
                tasks.map { ($0["number"], $0["cells"]) },
                try Int.fetchOne(database, sql: "SELECT count(*) FROM rows") ?? 0,
                try Int.fetchOne(database, sql: "SELECT count(DISTINCT pid) FROM tasks") ?? 0
            )
        }
    }

    var cells: Int { tasks.reduce(0) { $0 + $1.cells } }

    /// How many tasks a store holds by now; 0 while there is none that can be read.
    static func count(_ folder: URL) -> Int { (try? StoredTasks(folder).tasks.count) ?? 0 }
}
