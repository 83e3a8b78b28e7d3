import Sweep
import Testing

import class GRDB.DatabaseQueue

@testable import Results

/// A store from before there were some axes.
@Suite struct NewAxisTests {
    /// One axis of kernels and one of rows, both from the middle of their keys, and how the latter grows.
    struct Axes: CustomTestStringConvertible, Sendable {
        var kernels: Axis
        var rows: Axis
        /// Gives the axis of rows a further value, which no older row has.
        var grow: @Sendable (inout Grid) -> Void

        var testDescription: String { "\(kernels.key) and \(rows.key)" }

        var schema: Schema { Schema(axes: Axis.allCases.filter { ![kernels, rows].contains($0) }) }

        func isOld(_ cell: Cell) -> Bool { cell[rows] == rows.absent }
    }

    static let axes = [
        Axes(kernels: .depth, rows: .temperature) { $0.temperature = [2, 1] },
        Axes(kernels: .model, rows: .steps) { $0.steps = [.finite(100), .infinite] },
    ]

    private let sweep = smallSweep()

    /// Gives a folder whose store has the older tables, and the rows that it was given.
    private func withOlder(
        _ axes: Axes, _ body: (ResultsFolder, [Row]) throws -> Void
    ) throws {
        try withFolder { folder in
            let rows: [Row] = try withFolder { whole in
                let store = try Store(in: whole, for: .running)
                try store.run(sweep, sweep.everything)
                // So that a row has two tasks.
                var other = sweep
                other.metrics = [.corrected]
                try store.run(other, [other.computed(block: 0)])
                try store.begin(sweep, at: .now)
                try folder.create()
                try copy(whole, to: folder, axes.schema)
                return try store.rows()
            }
            try body(folder, rows)
        }
    }

    private func copy(_ whole: ResultsFolder, to folder: ResultsFolder, _ older: Schema) throws {
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

    @Test(arguments: axes) func theOlderTablesLackTheAxes(axes: Axes) throws {
        try withOlder(axes) { folder, _ in
            let database = try DatabaseQueue(path: folder.store.path)
            let (schema, kernels, rows) = try database.read { database in
                (
                    try Schema(of: database), try database.columns(in: "kernels").map(\.name),
                    try database.columns(in: "rows").map(\.name)
                )
            }
            #expect(schema == axes.schema)
            #expect(!kernels.contains(axes.kernels.key) && !rows.contains(axes.rows.key))
        }
    }

    @Test(arguments: axes) func itIsReadAsItIs(axes: Axes) throws {
        try withOlder(axes) { folder, rows in
            let store = try Store(in: folder, for: .reading)
            #expect(try store.rows() == rows && rows.count == sweep.grid.cellCount)
            #expect(try store.stored(of: sweep).cells.count == rows.count)
            var grown = sweep
            axes.grow(&grown.grid)
            let cells = try store.stored(of: grown).cells
            for cell in 0..<grown.grid.count {
                #expect(cells.contains(cell) == axes.isOld(grown.grid[cell]))
            }
        }
    }

    @Test(arguments: axes) func aRunGivesItTheAxesAndKeepsAllRows(axes: Axes) throws {
        try withOlder(axes) { folder, rows in
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
            let absent = Schema.literal(axes.rows.absent)
            let earlier = "SELECT count(*) FROM earlier WHERE \(axes.rows.key) = \(absent)"
            let count = try store.access { try Int.fetchOne($0, sql: earlier) }
            #expect(count! > 0)
            var grown = sweep
            axes.grow(&grown.grid)
            try store.run(grown, grown.everything)
            #expect(try store.rows().count == 2 * rows.count)
            #expect(try store.stored(of: sweep).cells.count == rows.count)
        }
    }
}
