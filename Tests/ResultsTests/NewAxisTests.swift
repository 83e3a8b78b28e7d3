import Sweep
import Testing

import class GRDB.DatabaseQueue

@testable import Results

/// A store from before there was an axis.
@Suite struct NewAxisTests {
    /// Taken away are one axis of kernels and one of rows, both from the middle of their keys.
    private let older = Schema(axes: Axis.allCases.filter { ![.temperature, .depth].contains($0) })
    private let sweep: Sweep = {
        var sweep = smallSweep()
        sweep.grid.temperature = [1]
        sweep.grid.depth = [3]
        return sweep
    }()

    /// Gives a folder whose store has the older tables, and the rows that it was given.
    private func withOlder(_ body: (ResultsFolder, [Row]) throws -> Void) throws {
        try withFolder { folder in
            let rows: [Row] = try withFolder { whole in
                let store = try Store(in: whole, for: .running)
                try store.run(sweep, (0..<sweep.blockCount).map { sweep.computed(block: $0) })
                // So that a row has two tasks.
                var other = sweep
                other.metrics = [.corrected]
                try store.run(other, [other.computed(block: 0)])
                try store.begin(sweep, at: .now)
                try folder.create()
                try copy(whole, to: folder)
                return try store.rows()
            }
            try body(folder, rows)
        }
    }

    private func copy(_ whole: ResultsFolder, to folder: ResultsFolder) throws {
        let database = try DatabaseQueue(path: folder.store.path)
        try database.writeWithoutTransaction { database in
            try database.execute(sql: older.definition)
            try database.execute(sql: "ATTACH ? AS whole", arguments: [whole.store.path])
            for table in ["contexts", "runs", "tasks", "kernels", "rows", "earlier"] {
                let names = try database.columns(in: table).map(\.name).joined(separator: ", ")
                try database.execute(
                    sql: "INSERT INTO \(table) (\(names)) SELECT \(names) FROM whole.\(table)")
            }
        }
        try database.close()
    }

    @Test func theOlderTablesLackTheAxes() throws {
        try withOlder { folder, _ in
            let database = try DatabaseQueue(path: folder.store.path)
            let (schema, kernels, rows) = try database.read { database in
                (
                    try Schema(of: database), try database.columns(in: "kernels").map(\.name),
                    try database.columns(in: "rows").map(\.name)
                )
            }
            #expect(schema == older)
            #expect(!kernels.contains("depth") && !rows.contains("temperature"))
        }
    }

    @Test func itIsReadAsItIs() throws {
        try withOlder { folder, rows in
            let store = try Store(in: folder, for: .reading)
            #expect(try store.rows() == rows && rows.count == sweep.grid.cellCount)
            #expect(try store.stored(of: sweep).cells.count == rows.count)
            var warmer = sweep
            warmer.grid.temperature = [2, 1]
            let cells = try store.stored(of: warmer).cells
            for cell in 0..<warmer.grid.count {
                #expect(cells.contains(cell) == (warmer.grid[cell].temperature == 1))
            }
        }
    }

    @Test func aRunGivesItTheAxesAndKeepsAllRows() throws {
        try withOlder { folder, rows in
            let store = try Store(in: folder, for: .running)
            #expect(try store.rows() == rows)
            try withFolder { other in
                let columns = """
                    SELECT m.name || ' ' || c.cid || ' ' || c.name || ' ' || c.type || c.pk
                    FROM sqlite_master AS m, pragma_table_info(m.name) AS c ORDER BY m.name, c.cid
                    """
                let new = try Store(in: other, for: .running)
                let (own, news) = (
                    try store.access { try String.fetchAll($0, sql: columns) },
                    try new.access { try String.fetchAll($0, sql: columns) }
                )
                #expect(own == news && own.count > 50)
            }
            // What the rows come from is kept, and what is new finds its place beside them.
            let earlier = "SELECT count(*) FROM earlier WHERE temperature = 1"
            let count = try store.access { try Int.fetchOne($0, sql: earlier) }
            #expect(count! > 0)
            var warmer = sweep
            warmer.grid.temperature = [1, 2]
            try store.run(warmer, (0..<warmer.blockCount).map { warmer.computed(block: $0) })
            #expect(try store.rows().count == 2 * rows.count)
            #expect(try store.stored(of: sweep).cells.count == rows.count)
        }
    }
}
