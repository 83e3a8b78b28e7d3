import Sweep

/// The statements that read and write rows.
extension Schema {
    /// Parameters: the key, task, status, metrics, then every metric's value in `Metric`'s order.
    ///
    /// The result replaces a failed row. It changes a row with a result only if it has a metric that the row
    /// lacks. The row's metrics that the new result lacks stay if both have the same status; otherwise they
    /// are dropped, as a singular row can't have an ok row's values.
    static let insertResult = """
        INSERT INTO rows (\(key), task, status, metrics, \(metrics))
        VALUES (\(marks(keyCount + 3)), \(columns { _ in "?" }))
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

    /// The row that a result is about to be merged with. Parameters: the key. Columns: task, status, metrics,
    /// and which of the metrics come from earlier tasks.
    static let selectPresent = """
        SELECT task, status, metrics, coalesce((SELECT sum(metrics) FROM earlier AS e
            WHERE \(sameKey("e", "rows"))), 0) FROM rows WHERE \(keyIsGiven)
        """
    /// Parameters: the key, a task, and the row's metrics that still come from that task.
    static let insertEarlier =
        "INSERT INTO earlier (\(key), task, metrics) VALUES (\(marks(keyCount + 2)))"
    /// Parameters: the key, and the metrics that now come from a newer task.
    static let reduceEarlier = """
        UPDATE earlier SET metrics = metrics & ~?\(keyCount + 1)
        WHERE \(keyIsNumbered) AND metrics & ?\(keyCount + 1) <> 0
        """
    /// Parameters: the key.
    static let removeSpentEarlier = "DELETE FROM earlier WHERE \(keyIsGiven) AND metrics = 0"
    static let hasEarlier = "SELECT EXISTS (SELECT 1 FROM earlier)"
    /// Parameters: the kernel.
    static let selectEarlierTasks = "SELECT DISTINCT task FROM earlier WHERE kernel = ?"

    /// Parameters: the key, task, the error, and the metrics that were asked for.
    ///
    /// A row with a result keeps it, beside the error of a later attempt at more metrics: a sweep that wants
    /// only the metrics of the result can still use it.
    static let insertFailure = """
        INSERT INTO rows (\(key), task, status, metrics, error)
        VALUES (\(marks(keyCount + 1)), \(Status.failed.rawValue), 0, ?\(keyCount + 2))
        ON CONFLICT DO UPDATE SET
            error = excluded.error,
            task = CASE status WHEN \(Status.failed.rawValue) THEN excluded.task ELSE task END
        WHERE status = \(Status.failed.rawValue) OR ?\(keyCount + 3) & ~metrics <> 0
        """

    /// Parameters: the context, then the kernel's axes.
    static let insertKernel = """
        INSERT INTO kernels (context, \(current.names(kernelAxes)))
        VALUES (\(marks(1 + kernelAxes.count)))
        """
    static let insertTask = """
        INSERT INTO tasks
            (id, run, number, host, pid, finished_at, seconds, cells, processor, blas, threads)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    /// The kernels of a context. Columns: their ids and axes.
    var selectKernels: String {
        "SELECT id, \(selected(Self.kernelAxes)) FROM kernels WHERE context = ?"
    }

    /// Parameters: the kernel, and the metrics that must be there. Columns: the row's axes, and its task.
    var selectStored: String {
        """
        SELECT \(selected(Self.rowAxes)), task FROM rows
        WHERE kernel = ?1 AND status <> \(Status.failed.rawValue) AND \(known) & ?2 = ?2
        """
    }

    /// The metrics that are known of a row. Where a store lacks the axis of steps, nothing says of its rows that the
    /// metrics of students at finite steps are.
    private var known: String {
        axes.contains(.steps) ? "metrics" : "(metrics | \(Self.idle(.linearised, .infinite)))"
    }

    /// A kernel's rows with given values of their first `fixed` axes, as far as the store has columns for
    /// these. Parameters: the kernel, then those axes' values. Columns: the row's axes, status, metrics, error,
    /// then the metrics' values.
    func selectRows(_ metrics: [Metric], fixed: Int) -> String {
        let condition = Self.rowAxes.prefix(fixed).filter(axes.contains)
            .reduce("kernel = ?") { "\($0) AND \($1.key) = ?" }
        let columns = ["status", "metrics", "error"] + metrics.map(\.rawValue)
        return "SELECT \(selected(Self.rowAxes)), \(columns.joined(separator: ", ")) FROM rows "
            + "WHERE \(condition)"
    }

    private func selected(_ axes: [Axis]) -> String {
        axes.map { self.axes.contains($0) ? $0.key : Self.literal($0.absent) }.joined(
            separator: ", ")
    }
}
