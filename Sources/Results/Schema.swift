import Sweep

/// The store's tables, and what it has to say in SQL about rows.
///
/// A row's key is its kernel (context, width, depth, seed) and the other axis values, and the
/// table is ordered by it: a block's rows lie together, so storing a task writes few pages.
enum Schema {
    /// "kdsw"; SQLite keeps it in the file's header.
    static let applicationID: UInt32 = 0x6B64_7377
    /// Raised when the tables change, and so when `Metric` does: its cases are columns, and their
    /// order that of the bits of `rows.metrics`. An export reads only what every version has, as it
    /// doesn't bring a store up to date.
    static let version: UInt32 = 3

    /// What a store lacks of the next version's tables, from version 1 on.
    private static let additions = [
        """
        ALTER TABLE tasks ADD COLUMN processor TEXT NOT NULL DEFAULT '';
        ALTER TABLE tasks ADD COLUMN blas TEXT NOT NULL DEFAULT '';
        """,
        """
        ALTER TABLE tasks ADD COLUMN threads INTEGER NOT NULL DEFAULT 0;
        \(earlier)
        """,
    ]

    /// Makes a store of an older version one of this, in a transaction of the caller's.
    static func upgrade(from version: UInt32) -> String {
        let added = additions.dropFirst(max(0, Int(version) - 1)).joined(separator: "\n")
        return "\(added) DROP VIEW cells; \(views) PRAGMA user_version = \(Self.version);"
    }

    /// A row's metrics may come from several tasks, where sweeps of other metrics were run into one
    /// folder: the row names the last of them, and here are the others.
    private static let earlier = """
        CREATE TABLE earlier (
            kernel INTEGER NOT NULL REFERENCES kernels,
            sample_size INTEGER NOT NULL,
            soft_ratio REAL NOT NULL,
            teacher_noise REAL NOT NULL,
            temperature REAL NOT NULL,
            ridge REAL NOT NULL,
            task INTEGER NOT NULL REFERENCES tasks,
            metrics INTEGER NOT NULL, -- those of the row that come from this task: bits as in rows
            PRIMARY KEY (\(key), task)
        ) WITHOUT ROWID;
        """

    static let definition = """
        PRAGMA application_id = \(applicationID);
        PRAGMA user_version = \(version);

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
            cells INTEGER NOT NULL, -- how many rows it brought
            processor TEXT NOT NULL DEFAULT '', -- its type; empty where it isn't known
            blas TEXT NOT NULL DEFAULT '', -- the library and its kernels; likewise
            threads INTEGER NOT NULL DEFAULT 0 -- BLAS threads; 0 where it isn't known
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
            status INTEGER NOT NULL, -- \(statuses)
            metrics INTEGER NOT NULL, -- which were computed: a bit for each of the columns below
            error TEXT, -- why the last attempt failed, if it did
            \(columns { "\($0) REAL" }),
            PRIMARY KEY (kernel, sample_size, soft_ratio, teacher_noise, temperature, ridge)
        ) WITHOUT ROWID;
        \(earlier)
        \(views)
        """

    /// The rows for people, each with who computed it, the last of its tasks and how many there were;
    /// and of each row which metrics come from which task.
    private static let views = """
        CREATE VIEW origins AS
            SELECT \(key), task, metrics & ~coalesce((SELECT sum(metrics) FROM earlier AS e
                WHERE \(sameKey("e", "rows"))), 0) AS metrics FROM rows
            UNION ALL SELECT \(key), task, metrics FROM earlier;
        CREATE VIEW cells AS
            SELECT contexts.digest AS settings, CASE width WHEN 0 THEN 'infinite' ELSE width END
                AS width, sample_size, soft_ratio, teacher_noise, temperature, depth, ridge, seed,
                \(columns { $0 }), \(statusName) AS status, error, host, pid,
                processor, blas, threads, (SELECT count(*) FROM earlier AS e
                WHERE \(sameKey("e", "rows"))) + 1 AS computations, strftime('%Y-%m-%dT%H:%M:%fZ', finished_at, 'unixepoch')
                AS finished_at
            FROM rows JOIN kernels ON kernels.id = kernel JOIN contexts ON contexts.id = context
                JOIN tasks ON tasks.id = task;
        """

    private static let statuses = Status.allCases
        .map { "\($0.rawValue) \($0.name)" }.joined(separator: ", ")
    private static let statusName =
        Status.allCases.reduce("CASE status") { "\($0) WHEN \($1.rawValue) THEN '\($1.name)'" }
        + " END"

    private static func columns(_ text: (String) -> String) -> String {
        Metric.allCases.map { text($0.rawValue) }.joined(separator: ", ")
    }

    private static let key = "kernel, sample_size, soft_ratio, teacher_noise, temperature, ridge"
    private static let metrics = columns { $0 }
    private static let keyColumns = [
        "kernel", "sample_size", "soft_ratio", "teacher_noise", "temperature", "ridge",
    ]
    private static let keyIsGiven = keyColumns.map { "\($0) = ?" }.joined(separator: " AND ")

    private static let keyIsNumbered = keyColumns.enumerated().map { "\($1) = ?\($0 + 1)" }
        .joined(separator: " AND ")

    private static func sameKey(_ a: String, _ b: String) -> String {
        keyColumns.map { "\(a).\($0) = \(b).\($0)" }.joined(separator: " AND ")
    }

    /// Parameters: the key, task, status, metrics, then every metric's value in `Metric`'s order.
    ///
    /// It replaces a failed row, and another one only if it has a metric that the other lacks. What it
    /// lacks itself stays, where both say the same of the cell: a singular row has no other's values.
    static let insertResult = """
        INSERT INTO rows (\(key), task, status, metrics, \(metrics))
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, \(columns { _ in "?" }))
        ON CONFLICT DO UPDATE SET
            task = excluded.task, status = excluded.status, error = NULL,
            metrics = CASE WHEN status = excluded.status THEN metrics | excluded.metrics
                ELSE excluded.metrics END,
            \(columns(merged))
        WHERE status = \(Status.failed.rawValue) OR excluded.metrics & ~metrics <> 0
        """

    private static func merged(_ column: String) -> String {
        let bit = mask([Metric(rawValue: column)!])
        return "\(column) = CASE WHEN status = excluded.status AND excluded.metrics & \(bit) = 0 "
            + "THEN \(column) ELSE excluded.\(column) END"
    }

    /// What a result is about to be merged with. Parameters: the key. Columns: task, status, metrics, and
    /// those of them that come from earlier tasks.
    static let selectPresent = """
        SELECT task, status, metrics, coalesce((SELECT sum(metrics) FROM earlier AS e
            WHERE \(sameKey("e", "rows"))), 0) FROM rows WHERE \(keyIsGiven)
        """
    /// Parameters: the key, a task, and the metrics that stay its.
    static let insertEarlier =
        "INSERT INTO earlier (\(key), task, metrics) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    /// Parameters: the key, and the metrics that are another task's now.
    static let reduceEarlier =
        "UPDATE earlier SET metrics = metrics & ~?7 WHERE \(keyIsNumbered) AND metrics & ?7 <> 0"
    /// Parameters: the key.
    static let removeSpentEarlier = "DELETE FROM earlier WHERE \(keyIsGiven) AND metrics = 0"
    static let hasEarlier = "SELECT EXISTS (SELECT 1 FROM earlier)"
    /// Parameters: the kernel.
    static let selectEarlierTasks = "SELECT DISTINCT task FROM earlier WHERE kernel = ?"

    /// Parameters: the key, task, the error, and the metrics that were asked for.
    ///
    /// A result stays beside the error of a later attempt at more metrics than it has: for a sweep
    /// that wants no more it still stands.
    static let insertFailure = """
        INSERT INTO rows (\(key), task, status, metrics, error)
        VALUES (?, ?, ?, ?, ?, ?, ?, \(Status.failed.rawValue), 0, ?8)
        ON CONFLICT DO UPDATE SET
            error = excluded.error,
            task = CASE status WHEN \(Status.failed.rawValue) THEN excluded.task ELSE task END
        WHERE status = \(Status.failed.rawValue) OR ?9 & ~metrics <> 0
        """

    static let insertKernel =
        "INSERT INTO kernels (context, width, depth, seed) VALUES (?, ?, ?, ?)"
    static let insertTask = """
        INSERT INTO tasks
            (id, run, block, host, pid, finished_at, seconds, cells, processor, blas, threads)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    /// Parameters: the kernel, and the metrics that must be there.
    static let selectStored = """
        SELECT sample_size, soft_ratio, teacher_noise, temperature, ridge, task FROM rows
        WHERE kernel = ?1 AND status <> \(Status.failed.rawValue) AND metrics & ?2 = ?2
        """

    /// The rows of a kernel with the first `fixed` of its axes given. Parameters: the kernel, then
    /// those axes' values.
    static func selectRows(_ metrics: [Metric], fixed: Int) -> String {
        let axes = ["sample_size", "soft_ratio", "teacher_noise", "temperature"]
        let condition = axes.prefix(fixed).reduce("kernel = ?") { "\($0) AND \($1) = ?" }
        let columns = axes + ["ridge", "status", "metrics", "error"] + metrics.map(\.rawValue)
        return "SELECT \(columns.joined(separator: ", ")) FROM rows WHERE \(condition)"
    }

    /// A bit for each metric, as `rows.metrics` has it.
    static func mask(_ metrics: [Metric]) -> Int {
        metrics.reduce(0) { $0 | 1 << position($1) }
    }

    static func position(_ metric: Metric) -> Int {
        Metric.allCases.firstIndex(of: metric)!
    }
}
