import Foundation
import GRDB
import Sweep

/// What a store is when it is opened: its version, its tables, and the sweep that was last run into it.
extension Store {
    /// The version of the database's tables; nil if it has no tables, because the process that made the file
    /// was killed before it made them.
    static func version(of database: Database, path: String) throws -> UInt32? {
        let application = try UInt32.fetchOne(database, sql: "PRAGMA application_id")
        let version = try UInt32.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        if application == Schema.applicationID {
            guard version <= Schema.version else {
                throw ResultsError.newer(
                    path: path, version: Int(version), supported: Int(Schema.version))
            }
            return version
        }
        guard try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0 else {
            throw ResultsError.foreign(path: path)
        }
        return nil
    }

    /// Makes the tables of a new store, and changes those of an older version into this one's.
    static func bringUpToDate(_ database: Database, from version: UInt32?) throws {
        guard let version else {
            return try database.inTransaction(.immediate) {
                try database.execute(sql: Schema.current.definition)
                return .commit
            }
        }
        guard try version != Schema.version || Schema(of: database) != .current else { return }
        try database.inTransaction(.immediate) {
            try database.execute(sql: Schema.dropViews + Schema.added(since: version))
            for table in ["kernels", "rows", "earlier"] {
                let columns = try Schema.columns(of: table, in: database)
                let axes = table == "kernels" ? Schema.kernelAxes : Schema.rowAxes
                if !axes.allSatisfy({ columns.contains($0.key) }) {
                    try database.execute(sql: Schema.rebuilding(table, columns: columns))
                }
            }
            try database.execute(
                sql: Schema.views + "PRAGMA user_version = \(Schema.version)")
            return .commit
        }
    }

    /// The sweep that was begun last; nil in a new store.
    static func lastRun(in database: Database, path: String) throws -> Run? {
        let sql = "SELECT id, context, sweep FROM runs ORDER BY id DESC LIMIT 1"
        let statement = try Prepared(sql, in: database)
        guard try statement.step() else { return nil }
        defer { statement.reset() }
        do {
            let sweep = try Sweep(encoded: Data((statement.text(2) ?? "").utf8))
            return Run(
                id: statement.int(0), context: statement.int(1), sweep: sweep,
                positions: GridPositions(sweep.grid))
        } catch {
            throw ResultsError.unusable(
                path: path,
                reason:
                    "this kdsweep can't read the sweep that was last run into it; run its sweep file "
                    + "again, which computes only what is missing (\(error))")
        }
    }
}

extension Schema {
    /// The schema of a store as it is; it may lack axes of this build.
    init(of database: Database) throws {
        let columns =
            try Self.columns(of: "kernels", in: database) + Self.columns(of: "rows", in: database)
        axes = Axis.allCases.filter { columns.contains($0.key) }
    }

    static func columns(of table: String, in database: Database) throws -> [String] {
        try String.fetchAll(database, sql: "SELECT name FROM pragma_table_info('\(table)')")
    }
}
