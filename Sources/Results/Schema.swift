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
    static let version: UInt32 = 2

    /// What a store lacks of the next version's tables, from version 1 on.
    private static let additions = [
        """
        ALTER TABLE tasks ADD COLUMN processor TEXT NOT NULL DEFAULT '';
        ALTER TABLE tasks ADD COLUMN blas TEXT NOT NULL DEFAULT '';
        """
    ]

    /// Makes a store of an older version one of this, in a transaction of the caller's.
    static func upgrade(from version: UInt32) -> String {
        let added = additions.dropFirst(max(0, Int(version) - 1)).joined(separator: "\n")
        return "\(added) DROP VIEW cells; \(view) PRAGMA user_version = \(Self.version);"
    }

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
            blas TEXT NOT NULL DEFAULT '' -- the library and its kernels; likewise
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
        \(view)
        """

    /// The rows for people, each with who computed it.
    private static let view = """
        CREATE VIEW cells AS
            SELECT contexts.digest AS settings, CASE width WHEN 0 THEN 'infinite' ELSE width END
                AS width, sample_size, soft_ratio, teacher_noise, temperature, depth, ridge, seed,
                \(columns { $0 }), \(statusName) AS status, error, host, pid,
                processor, blas, strftime('%Y-%m-%dT%H:%M:%fZ', finished_at, 'unixepoch')
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

    /// Parameters: the key, task, status, metrics, then every metric's value in `Metric`'s order.
    ///
    /// It replaces a failed row, and another one only if it has a metric that the other lacks:
    /// whole, because a row's values come from one computation.
    static let insertResult = """
        INSERT INTO rows (\(key), task, status, metrics, \(metrics))
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, \(columns { _ in "?" }))
        ON CONFLICT DO UPDATE SET
            task = excluded.task, status = excluded.status, metrics = excluded.metrics, error = NULL,
            \(columns { "\($0) = excluded.\($0)" })
        WHERE status = \(Status.failed.rawValue) OR excluded.metrics & ~metrics <> 0
        """

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
            (id, run, block, host, pid, finished_at, seconds, cells, processor, blas)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
