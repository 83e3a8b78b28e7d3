import Foundation
import Sweep
import Testing

import class GRDB.Database
import class GRDB.DatabaseQueue

@testable import Results

@Suite struct OlderStoreTests {
    private let sweep = smallSweep()

    /// A store of version 1 with half of the sweep's blocks.
    private func withOlderStore(_ body: (ResultsFolder) throws -> Void) throws {
        try withFolder { present in
            try Store(in: present, for: .running)
                .run(sweep, [0, 3].map { sweep.computed(block: $0) })
            try withFolder { folder in
                try folder.create()
                let database = try DatabaseQueue(path: folder.store.path)
                try database.writeWithoutTransaction {
                    try $0.execute(sql: version1)
                    try $0.execute(
                        sql: "ATTACH ? AS present", arguments: [present.store.path])
                    try $0.execute(sql: copy)
                    try $0.execute(sql: "DETACH present; PRAGMA journal_mode = WAL")
                }
                try database.close()
                try body(folder)
            }
        }
    }

    @Test func isExportedAndLeftAsItIs() throws {
        try withOlderStore { folder in
            let before = try Data(contentsOf: folder.store)
            let tally = try Store(in: folder, for: .reading).export(to: folder)
            #expect(tally == StatusCounts(ok: 16, missing: 16))
            #expect(try Data(contentsOf: folder.store) == before)
            let csv = try text(folder.cells)
            _ = try Store(in: folder, for: .running).export(to: folder)
            #expect(try text(folder.cells) == csv)
        }
    }

    @Test func saysWhatItHasAndIsLeftAsItIs() throws {
        try withOlderStore { folder in
            let before = try Data(contentsOf: folder.store)
            let stored = try Store(in: folder, for: .reading).stored(of: sweep)
            #expect(stored.cells.count == 16 && stored.processorTypes.isEmpty)
            #expect(try Data(contentsOf: folder.store) == before)
        }
    }

    @Test func isBroughtUpToDateWithAllThatItHas() throws {
        try withOlderStore { folder in
            let store = try Store(in: folder, for: .running)
            #expect(
                try store.lines("SELECT user_version FROM pragma_user_version") == [
                    "\(Schema.version)"
                ])
            #expect(store.sweep == sweep)
            let rows = [0, 3].flatMap { sweep.computed(block: $0).rows }
            #expect(try store.rows() == rows.sorted { $0.cell < $1.cell })
            #expect(
                try store.lines("SELECT host || pid || processor || blas FROM cells")
                    == Array(repeating: "node-74711", count: 16))
            #expect(
                try store.lines("SELECT number || ' ' || seconds || ' ' || cells FROM tasks")
                    == ["0 1.5 8", "3 1.5 8"])
        }
    }

    @Test func itsRowsHaveWhatOnlyStudentsAtFiniteStepsHave() throws {
        try withOlderStore { folder in
            var all = sweep
            all.metrics += [.excessLoss, .kernelChange]
            #expect(try Store(in: folder, for: .reading).stored(of: all).cells.count == 16)
            let store = try Store(in: folder, for: .running)
            #expect(try store.stored(of: all).cells.count == 16)
            all.grid.steps = [.finite(10), .infinite]
            let cells = try store.stored(of: all).cells
            for cell in 0..<all.grid.count where cells.contains(cell) {
                #expect(all.grid[cell].steps == .infinite)
            }
            #expect(cells.count == 16)
            all.metrics += [.studentError]
            #expect(try store.stored(of: all).cells.count == 0)
        }
    }

    @Test func isResumed() throws {
        try withOlderStore { folder in
            let store = try Store(in: folder, for: .running)
            let stored = try store.stored(of: sweep)
            #expect(stored.cells.count == 16 && stored.processorTypes.isEmpty)
            var others = [1, 2].map { sweep.computed(block: $0) }
            for index in others.indices { others[index].processorType = "AMD EPYC 9R14" }
            try store.run(sweep, others)
            #expect(try store.rows().count == sweep.grid.count)
            #expect(
                try store.lines("SELECT processor || count(*) FROM cells GROUP BY processor")
                    == ["16", "AMD EPYC 9R1416"])
        }
    }

    @Test func hasTheTablesOfANewOneThen() throws {
        try withOlderStore { folder in
            try withFolder { other in
                let columns = """
                    SELECT m.name || ' ' || c.cid || ' ' || c.name || ' ' || c.type || c."notnull"
                        || coalesce(c.dflt_value, '') || c.pk
                    FROM sqlite_master AS m, pragma_table_info(m.name) AS c
                    ORDER BY m.name, c.cid
                    """
                let older = try Store(in: folder, for: .running).lines(columns)
                #expect(try older == Store(in: other, for: .running).lines(columns))
                #expect(older.count > 80)
            }
        }
    }

    @Test func isLeftAsItWasWhenItCannotBeBroughtUpToDate() throws {
        try withOlderStore { folder in
            let database = try DatabaseQueue(path: folder.store.path)
            // This table comes after others have changed.
            try database.write { try $0.execute(sql: "CREATE TABLE earlier (x)") }
            #expect(throws: ResultsError.self) { try Store(in: folder, for: .running) }
            let (version, columns) = try database.read {
                (try Int.fetchOne($0, sql: "PRAGMA user_version"), try $0.columns(in: "tasks"))
            }
            #expect(version == 1 && columns.count == 8)
        }
    }
}

extension Store {
    fileprivate func lines(_ sql: String) throws -> [String] {
        try access { try String.fetchAll($0, sql: sql) }
    }
}

private let metrics = """
    transfer_risk, student_error, teacher_error, corrected, spoiled, train_corrected, weight_norm,
    weight_norm_next, weight_norm_lower, weight_norm_upper, oracle_risk, oracle_transfer_risk,
    oracle_angle, risk_bound, risk_bound_refined, risk_bound_tight, train_residual, kernel_condition
    """

/// The tables as version 1 made them.
private let version1 = """
    PRAGMA page_size = 8192;
    PRAGMA application_id = 0x6B647377;
    PRAGMA user_version = 1;

    CREATE TABLE contexts (
        id INTEGER PRIMARY KEY,
        digest TEXT NOT NULL UNIQUE -- of the settings that a row depends on beside its axes
    );
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        context INTEGER NOT NULL REFERENCES contexts,
        begun_at REAL NOT NULL, -- seconds since 1970, UTC
        sweep TEXT NOT NULL -- the sweep as run, JSON
    );
    CREATE TABLE tasks (
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES runs,
        block INTEGER NOT NULL, -- its position in the run's list of tasks
        host TEXT NOT NULL,
        pid INTEGER NOT NULL,
        finished_at REAL NOT NULL, -- seconds since 1970, UTC
        seconds REAL NOT NULL,
        cells INTEGER NOT NULL -- how many rows it brought
    );
    CREATE TABLE kernels (
        id INTEGER PRIMARY KEY,
        context INTEGER NOT NULL REFERENCES contexts,
        width INTEGER NOT NULL, -- 0 is infinite
        depth INTEGER NOT NULL,
        seed INTEGER NOT NULL,
        UNIQUE (context, width, depth, seed)
    );
    CREATE TABLE rows (
        kernel INTEGER NOT NULL REFERENCES kernels,
        sample_size INTEGER NOT NULL,
        soft_ratio REAL NOT NULL,
        teacher_noise REAL NOT NULL,
        temperature REAL NOT NULL,
        ridge REAL NOT NULL,
        task INTEGER NOT NULL REFERENCES tasks,
        status INTEGER NOT NULL, -- 0 ok, 1 singular, 2 failed
        metrics INTEGER NOT NULL, -- which were computed: a bit for each of the columns below
        error TEXT, -- why the last attempt failed, if it did
        \(metrics.replacing(",", with: " REAL,")) REAL,
        PRIMARY KEY (kernel, sample_size, soft_ratio, teacher_noise, temperature, ridge)
    ) WITHOUT ROWID;
    CREATE VIEW cells AS
        SELECT contexts.digest AS settings, CASE width WHEN 0 THEN 'infinite' ELSE width END
            AS width, sample_size, soft_ratio, teacher_noise, temperature, depth, ridge, seed,
            \(metrics), CASE status WHEN 0 THEN 'ok' WHEN 1 THEN 'singular' WHEN 2 THEN 'failed' END
            AS status, error, host, pid,
            strftime('%Y-%m-%dT%H:%M:%fZ', finished_at, 'unixepoch') AS finished_at
        FROM rows JOIN kernels ON kernels.id = kernel JOIN contexts ON contexts.id = context
            JOIN tasks ON tasks.id = task;
    """

/// Takes the rows of a store of the present version.
private let copy = """
    INSERT INTO contexts SELECT * FROM present.contexts;
    INSERT INTO runs SELECT id, context, begun_at, sweep FROM present.runs;
    INSERT INTO tasks
        SELECT id, run, number, host, pid, finished_at, seconds, cells FROM present.tasks;
    INSERT INTO kernels SELECT id, context, width, depth, seed FROM present.kernels;
    INSERT INTO rows SELECT kernel, sample_size, soft_ratio, teacher_noise, temperature, ridge, task, status,
        metrics & \(Schema.mask(Array(Metric.allCases.prefix(18)))), error, \(metrics) FROM present.rows;
    """
