import Sweep

/// The store's tables, and the SQL for reading and writing rows.
///
/// A row's key is its kernel (the context, and the axes that make a kernel) and then the other axes' values.
/// The table is ordered by it, so a block's rows lie together, and storing a task writes few pages.
struct Schema: Hashable, Sendable {
    /// "kdsw"; SQLite keeps it in the file's header.
    static let applicationID: UInt32 = 0x6B64_7377
    /// Raised when the tables change, and so when `Metric` or `Axis` does: their cases are columns, and the
    /// bits of `rows.metrics` have the order of `Metric`'s cases.
    static let version: UInt32 = 6

    /// The schema of the stores that this build writes.
    static let current = Schema(axes: Axis.allCases)

    /// The axes for which the tables have columns, in grid order. A store that is only read may be of an older
    /// build that lacked some axes: its cells have these axes' `absent` values.
    let axes: [Axis]

    /// A kernel's axes, in the order of `kernels`' columns.
    static let kernelAxes = Axis.all(of: .kernel)
    /// A row's axes beside those of its kernel, in the order of `rows`' columns and of its key.
    static let rowAxes = Axis.allCases.filter { $0.role != .kernel }
    /// How many parameters a row's key has: the kernel and `rowAxes`.
    static let keyCount = 1 + rowAxes.count

    // MARK: - Tables

    /// The changes from each version's tables to the next one's, from version 1 on. A new axis needs none
    /// here: see `rebuilding`.
    private static let additions = [
        """
        ALTER TABLE tasks ADD COLUMN processor TEXT NOT NULL DEFAULT '';
        ALTER TABLE tasks ADD COLUMN blas TEXT NOT NULL DEFAULT '';
        """,
        """
        ALTER TABLE tasks ADD COLUMN threads INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE earlier \(current.earlier);
        """,
        "ALTER TABLE tasks RENAME COLUMN block TO number;",
        """
        ALTER TABLE rows ADD COLUMN excess_loss REAL;
        ALTER TABLE rows ADD COLUMN limit_risk REAL;
        ALTER TABLE rows ADD COLUMN sharpness REAL;
        ALTER TABLE rows ADD COLUMN linearisation_gap REAL;
        ALTER TABLE rows ADD COLUMN linearisation_risk REAL;
        ALTER TABLE rows ADD COLUMN weight_change REAL;
        ALTER TABLE rows ADD COLUMN kernel_change REAL;
        UPDATE rows SET metrics = metrics | \(idle(.linearised, .infinite))
            WHERE status <> \(Status.failed.rawValue);
        """,
        "ALTER TABLE runs ADD COLUMN build TEXT NOT NULL DEFAULT '';",
    ]

    /// The changes that bring a store of an older version up to this one, except its missing axes and its
    /// views.
    static func added(since version: UInt32) -> String {
        additions.dropFirst(max(0, Int(version) - 1)).joined(separator: "\n")
    }

    /// Adds the columns of axes that a table lacks. They are in its key, which SQLite can't alter, so the
    /// table is written anew. Its rows get the axes' `absent` values.
    ///
    /// - Parameter columns: the columns that the table has.
    static func rebuilding(_ table: String, columns: [String]) -> String {
        let definitions = [
            "kernels": current.kernels, "rows": current.rows, "earlier": current.earlier,
        ]
        let missing = (table == "kernels" ? kernelAxes : rowAxes).filter {
            !columns.contains($0.key)
        }
        let names = (columns + missing.map(\.key)).joined(separator: ", ")
        let values = (columns + missing.map { literal($0.absent) }).joined(separator: ", ")
        return """
            CREATE TABLE rebuilt \(definitions[table]!);
            INSERT INTO rebuilt (\(names)) SELECT \(values) FROM \(table);
            DROP TABLE \(table);
            ALTER TABLE rebuilt RENAME TO \(table);
            """
    }

    static let dropViews = "DROP VIEW IF EXISTS cells; DROP VIEW IF EXISTS origins;"

    var definition: String {
        """
        PRAGMA application_id = \(Self.applicationID);
        PRAGMA user_version = \(Self.version);

        CREATE TABLE contexts (
            id INTEGER PRIMARY KEY,
            digest TEXT NOT NULL UNIQUE -- of the settings that a row depends on beside its axes
        );
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            context INTEGER NOT NULL REFERENCES contexts,
            begun_at REAL NOT NULL, -- seconds since 1970, UTC
            sweep TEXT NOT NULL, -- the sweep as run, JSON
            build TEXT NOT NULL DEFAULT '' -- the kdsweep that ran it; empty where it isn't known
        );
        CREATE TABLE tasks (
            id INTEGER PRIMARY KEY,
            run INTEGER NOT NULL REFERENCES runs,
            number INTEGER NOT NULL, -- its position in the run's list of tasks
            host TEXT NOT NULL,
            pid INTEGER NOT NULL,
            finished_at REAL NOT NULL, -- seconds since 1970, UTC
            seconds REAL NOT NULL,
            cells INTEGER NOT NULL, -- how many rows it brought
            processor TEXT NOT NULL DEFAULT '', -- its type; empty where it isn't known
            blas TEXT NOT NULL DEFAULT '', -- the library and its kernels; likewise
            threads INTEGER NOT NULL DEFAULT 0 -- BLAS threads; 0 where it isn't known
        );
        CREATE TABLE kernels \(kernels);
        CREATE TABLE rows \(rows);
        CREATE TABLE earlier \(earlier);
        \(Self.views)
        """
    }

    /// 0 is an infinite value, and the first of an axis' names.
    private var kernels: String {
        """
        (
            id INTEGER PRIMARY KEY,
            context INTEGER NOT NULL REFERENCES contexts,
            \(columns(Self.kernelAxes)),
            UNIQUE (context, \(names(Self.kernelAxes)))
        )
        """
    }

    private var rows: String {
        """
        (
            kernel INTEGER NOT NULL REFERENCES kernels,
            \(columns(Self.rowAxes)),
            task INTEGER NOT NULL REFERENCES tasks,
            status INTEGER NOT NULL, -- \(Self.statuses)
            metrics INTEGER NOT NULL, -- which were computed: a bit for each of the columns below
            error TEXT, -- why the last attempt failed, if it did
            \(Self.columns { "\($0) REAL" }),
            PRIMARY KEY (kernel, \(names(Self.rowAxes)))
        ) WITHOUT ROWID
        """
    }

    /// A row's metrics come from several tasks if sweeps with different metrics were run into one folder. The
    /// row names the last of these tasks, and this table the others.
    private var earlier: String {
        """
        (
            kernel INTEGER NOT NULL REFERENCES kernels,
            \(columns(Self.rowAxes)),
            task INTEGER NOT NULL REFERENCES tasks,
            metrics INTEGER NOT NULL, -- those of the row that come from this task: bits as in rows
            PRIMARY KEY (kernel, \(names(Self.rowAxes)), task)
        ) WITHOUT ROWID
        """
    }

    private func columns(_ axes: [Axis]) -> String {
        axes.filter(self.axes.contains)
            .map { "\($0.key) \($0.isIntegral ? "INTEGER" : "REAL") NOT NULL" }
            .joined(separator: ", ")
    }

    func names(_ axes: [Axis]) -> String {
        axes.filter(self.axes.contains).map(\.key).joined(separator: ", ")
    }

    /// `cells`, for people: each row with the worker that computed it, the last of its tasks and how many
    /// there were. `origins`: for each row, which metrics come from which task.
    static let views = """
        CREATE VIEW origins AS
            SELECT \(key), task, metrics & ~coalesce((SELECT sum(metrics) FROM earlier AS e
                WHERE \(sameKey("e", "rows"))), 0) AS metrics FROM rows
            UNION ALL SELECT \(key), task, metrics FROM earlier;
        CREATE VIEW cells AS
            SELECT contexts.digest AS settings, \(Axis.allCases.map(shown).joined(separator: ", ")),
                \(columns { $0 }), \(statusName) AS status, error, host, pid,
                processor, blas, threads, (SELECT count(*) FROM earlier AS e
                WHERE \(sameKey("e", "rows"))) + 1 AS computations, strftime('%Y-%m-%dT%H:%M:%fZ', finished_at, 'unixepoch')
                AS finished_at
            FROM rows JOIN kernels ON kernels.id = kernel JOIN contexts ON contexts.id = context
                JOIN tasks ON tasks.id = task;
        """

    /// SQLite takes 9e999 for infinity, so that the column of such an axis holds numbers only.
    private static func shown(_ axis: Axis) -> String {
        if axis.mayBeInfinite {
            return "CASE \(axis.key) WHEN 0 THEN 9e999 ELSE \(axis.key) END AS \(axis.key)"
        }
        guard !axis.names.isEmpty else { return axis.key }
        let cases = axis.names.enumerated().map { "WHEN \($0) THEN '\($1)'" }
        return "CASE \(axis.key) \(cases.joined(separator: " ")) END AS \(axis.key)"
    }

    private static let statuses = Status.allCases
        .map { "\($0.rawValue) \($0.name)" }.joined(separator: ", ")
    private static let statusName =
        Status.allCases.reduce("CASE status") { "\($0) WHEN \($1.rawValue) THEN '\($1.name)'" }
        + " END"

    static func columns(_ text: (String) -> String) -> String {
        Metric.allCases.map { text($0.rawValue) }.joined(separator: ", ")
    }

    private static let keyColumns = ["kernel"] + rowAxes.map(\.key)
    static let key = keyColumns.joined(separator: ", ")
    static let metrics = columns { $0 }
    static let keyIsGiven = keyColumns.map { "\($0) = ?" }.joined(separator: " AND ")

    static let keyIsNumbered = keyColumns.enumerated().map { "\($1) = ?\($0 + 1)" }
        .joined(separator: " AND ")

    static func sameKey(_ a: String, _ b: String) -> String {
        keyColumns.map { "\(a).\($0) = \(b).\($0)" }.joined(separator: " AND ")
    }

    static func marks(_ count: Int) -> String {
        Array(repeating: "?", count: count).joined(separator: ", ")
    }

    static func literal(_ value: AxisValue?) -> String {
        guard let value else { preconditionFailure("every store has this axis") }
        return if case .real(let number) = value { "\(number)" } else { "\(value.integer)" }
    }

    /// A bit for each metric, as `rows.metrics` has it.
    static func mask(_ metrics: [Metric]) -> Int {
        metrics.reduce(0) { $0 | 1 << position($1) }
    }

    /// The metrics that students of a kind can't have, and which so are known of each without being computed.
    static func idle(_ model: Model, _ steps: Steps) -> Int {
        switch (model, steps) {
        case (.linearised, .infinite): idleOfLimits
        case (.linearised, .finite): idleOfLinearised
        case (.network, _): idleOfNetworks
        }
    }

    private static let idleOfLimits = maskOfIdle(.linearised, .infinite)
    private static let idleOfLinearised = maskOfIdle(.linearised, .finite(1))
    private static let idleOfNetworks = maskOfIdle(.network, .finite(1))

    private static func maskOfIdle(_ model: Model, _ steps: Steps) -> Int {
        mask(Metric.allCases.filter { !$0.applies(to: model, steps) })
    }

    static func position(_ metric: Metric) -> Int {
        Metric.allCases.firstIndex(of: metric)!
    }
}
