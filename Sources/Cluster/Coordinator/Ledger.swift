import Scheduling

/// The results that are to be stored, and the workers that are to be told once they are.
struct Ledger {
    private(set) var unstored: [Finished] = []
    /// Rows in `unstored`.
    private(set) var rowCount = 0
    private var acknowledgements: [(task: TaskID, worker: WorkerID)] = []
    /// Tasks of which a worker has brought a part, and which go on.
    private var parts: [(task: TaskID, worker: WorkerID)] = []
    /// When the store is tried again after it has failed.
    private var retryAt: Duration?

    static let pause = Duration.milliseconds(500)

    var isEmpty: Bool { unstored.isEmpty && acknowledgements.isEmpty }

    mutating func add(_ finished: Finished) {
        unstored.append(finished)
        rowCount += finished.rows.count
    }

    /// Has the worker told after the next storing that it may forget its result. That waits for the storing
    /// even if another worker's result is the one that is stored: until then neither is safe.
    mutating func acknowledge(_ task: TaskID, to worker: WorkerID) {
        acknowledgements.append((task, worker))
    }

    /// The same for a result that is a part of its task. The rest of the task may be given to this worker
    /// only after the acknowledgement: a worker that still keeps a result of the task would send that again.
    mutating func acknowledge(partOf task: TaskID, to worker: WorkerID) {
        acknowledge(task, to: worker)
        if !parts.contains(where: { $0 == (task, worker) }) { parts.append((task, worker)) }
    }

    func isDue(at now: Duration) -> Bool { !isEmpty && retryAt.map { $0 <= now } ?? true }

    /// Stores everything in one call.
    ///
    /// - Returns: what was stored, and what may be acknowledged now.
    /// - Throws: what the store throws; then nothing has changed but the time of the next try.
    mutating func settle(at now: Duration, store: ([Finished]) throws -> Void) throws -> Settled {
        retryAt = now + Self.pause
        if !unstored.isEmpty { try store(unstored) }
        defer { self = Ledger() }
        return Settled(stored: unstored, acknowledgements: acknowledgements, parts: parts)
    }

    struct Settled {
        var stored: [Finished]
        var acknowledgements: [(task: TaskID, worker: WorkerID)]
        /// The acknowledged tasks that go on.
        var parts: [(task: TaskID, worker: WorkerID)]
    }
}
