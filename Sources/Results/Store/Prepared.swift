import GRDBSQLite

import class GRDB.Database
import struct GRDB.DatabaseError

/// A prepared statement whose values aren't boxed: GRDB's own arguments and rows cost several times what
/// SQLite needs for a row of thirty columns.
///
/// Valid while its database is, and only within the access that made it.
struct Prepared {
    private let statement: OpaquePointer

    /// Prepared once for each SQL text, then taken from the connection's cache, reset.
    init(_ sql: String, in database: Database) throws {
        statement = try database.cachedStatement(sql: sql).sqliteStatement
        sqlite3_reset(statement)
        sqlite3_clear_bindings(statement)
    }

    /// Parameters count from 1 and keep their values from one run to the next.
    func bind(_ value: Int, at parameter: Int) {
        sqlite3_bind_int64(statement, Int32(parameter), Int64(value))
    }

    /// NaN becomes NULL.
    func bind(_ value: Double, at parameter: Int) {
        sqlite3_bind_double(statement, Int32(parameter), value)
    }

    func bind(_ value: String, at parameter: Int) {
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)  // SQLITE_TRANSIENT
        sqlite3_bind_text(statement, Int32(parameter), value, -1, copied)
    }

    /// Runs a statement that has no rows to give, and returns how many rows it changed.
    func run() throws -> Int {
        _ = try step()
        return Int(sqlite3_changes(sqlite3_db_handle(statement)))
    }

    /// The id of the last row that was inserted over this connection.
    var lastInsertedID: Int { Int(sqlite3_last_insert_rowid(sqlite3_db_handle(statement))) }

    /// Ends a statement before all its rows were taken.
    func reset() { sqlite3_reset(statement) }

    /// Whether there is another row; at the end the statement is ready to be bound anew.
    func step() throws -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(statement)
            return false
        default:
            let connection = sqlite3_db_handle(statement)
            let error = DatabaseError(
                resultCode: .init(rawValue: sqlite3_extended_errcode(connection)),
                message: String(cString: sqlite3_errmsg(connection)))
            sqlite3_reset(statement)
            throw error
        }
    }

    /// Columns count from 0.
    func int(_ column: Int) -> Int { Int(sqlite3_column_int64(statement, Int32(column))) }

    /// NULL becomes NaN.
    func double(_ column: Int) -> Double {
        let value = sqlite3_column_double(statement, Int32(column))
        // SQLite gives 0 for NULL too, so only a 0 needs the second call.
        guard value == 0, sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL else {
            return value
        }
        return .nan
    }

    /// nil for NULL.
    func text(_ column: Int) -> String? {
        sqlite3_column_text(statement, Int32(column)).map { String(cString: $0) }
    }
}
