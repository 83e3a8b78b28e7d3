import Scheduling

/// What is to be stored, and who is to be told once it is.
struct Ledger {
    private(set) var unstored: [Finished] = []
    /// In `unstored`.
    private(set) var rowCount = 0
    private var acknowledgements: [(task: TaskID, worker: WorkerID)] = []
    /// Of tasks that go on, as what came is a part of what is wanted.
    private var parts: [(task: TaskID, worker: WorkerID)] = []
    /// After the store has failed it is left alone until then.
    private var retryAt: Duration?

    static let pause = Duration.milliseconds(500)

    var isEmpty: Bool { unstored.isEmpty && acknowledgements.isEmpty }

    mutating func add(_ finished: Finished) {
        unstored.append(finished)
        rowCount += finished.rows.count
    }

    /// Tells the worker after the next storing, even if it isn't the result that is stored: a
    /// worker forgets only what is safe.
    mutating func acknowledge(_ task: TaskID, to worker: WorkerID) {
        acknowledgements.append((task, worker))
    }

    /// As `acknowledge`, of a part: what is left is the worker's to be given again only when it has
    /// forgotten what it sent, or it would send that.
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
        /// Of these, tasks that go on.
        var parts: [(task: TaskID, worker: WorkerID)]
    }
}
