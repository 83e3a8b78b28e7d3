import Foundation
import GRDBSQLite
import Sweep

/// A table with the columns, key and durability of the store's, filled by SQLite's own functions.
final class PlainDatabase {
    private var connection: OpaquePointer?

    private static let key = "kernel, sample_size, soft_ratio, teacher_noise, temperature, ridge"

    init(in folder: Scratch) throws {
        let path = folder.url.appending(path: "plain.sqlite").path
        guard sqlite3_open(path, &connection) == SQLITE_OK else { throw failure() }
        try execute("PRAGMA page_size = 8192; PRAGMA cache_size = -65536")
        try execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
        let metrics = Metric.allCases.map { "\($0.rawValue) REAL" }.joined(separator: ", ")
        try execute(
            """
            CREATE TABLE rows (
                kernel INTEGER, sample_size INTEGER, soft_ratio REAL, teacher_noise REAL,
                temperature REAL, ridge REAL, task INTEGER, status INTEGER, metrics INTEGER,
                \(metrics), PRIMARY KEY (\(Self.key))
            ) WITHOUT ROWID
            """)
    }

    deinit { sqlite3_close(connection) }

    /// The time of the inserting alone: each task's rows are made before its time is taken.
    func time(of results: ManyResults) throws -> Duration {
        let places = (0..<9 + Metric.allCases.count).map { _ in "?" }.joined(separator: ", ")
        var statement: OpaquePointer?
        guard
            sqlite3_prepare_v2(
                connection, "INSERT INTO rows VALUES (\(places))", -1, &statement, nil) == SQLITE_OK
        else { throw failure() }
        defer { sqlite3_finalize(statement) }
        var time = Duration.zero
        var task: Int64 = 0
        try results.forEachTask { rows in
            task += 1
            let cells = rows.map { results.sweep.grid[$0.cell] }
            time += try wallTime {
                try execute("BEGIN")
                for (cell, row) in zip(cells, rows) {
                    sqlite3_bind_int64(statement, 1, Int64(cell.seed))
                    sqlite3_bind_int64(statement, 2, Int64(cell.sampleSize))
                    sqlite3_bind_double(statement, 3, cell.softRatio)
                    sqlite3_bind_double(statement, 4, cell.teacherNoise)
                    sqlite3_bind_double(statement, 5, cell.temperature)
                    sqlite3_bind_double(statement, 6, cell.ridge)
                    sqlite3_bind_int64(statement, 7, task)
                    sqlite3_bind_int64(statement, 8, 0)
                    sqlite3_bind_int64(statement, 9, 1)
                    for (index, value) in row.values.enumerated() {
                        sqlite3_bind_double(statement, Int32(10 + index), value)
                    }
                    guard sqlite3_step(statement) == SQLITE_DONE else { throw failure() }
                    sqlite3_reset(statement)
                }
                try execute("COMMIT")
            }
        }
        return time
    }

    private func execute(_ sql: String) throws {
        guard sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK else { throw failure() }
    }

    private func failure() -> Program.Failure {
        Program.Failure(description: String(cString: sqlite3_errmsg(connection)))
    }
}
