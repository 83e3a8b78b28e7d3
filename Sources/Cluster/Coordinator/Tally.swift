import Scheduling
import Sweep

/// What has been stored in a run, what each worker has done for it, and what went wrong.
struct Tally {
    var tasksDone = 0
    private(set) var tasksTotal: Int
    var cellsDone = 0
    var cellsFailed = 0
    private(set) var cellsTotal: Int
    /// Messages that were dropped because they were malformed.
    var malformed = 0
    /// Connections that were turned away.
    var strangers = 0
    private(set) var workers: [WorkerID: Contribution] = [:]
    /// The last failures.
    private(set) var failures: [Standing.Failure] = []
    /// The last workers that went and didn't come back.
    private(set) var departures: [(worker: WorkerID, departure: Standing.Departure)] = []

    static let mostFailures = 100
    static let mostDepartures = 50

    struct Contribution {
        /// When the worker first came.
        var since: Duration
        /// Cells that it has brought and that were wanted.
        var cells = 0
    }

    init(tasksTotal: Int, cellsTotal: Int) {
        self.tasksTotal = tasksTotal
        self.cellsTotal = cellsTotal
    }

    var tasksLeft: Int { tasksTotal - tasksDone }

    /// Another task is to be done.
    mutating func expect(_ cells: Int) {
        tasksTotal += 1
        cellsTotal += cells
    }

    mutating func count(_ finished: Finished) {
        if !finished.isPart { tasksDone += 1 }
        cellsDone += finished.rows.count
        cellsFailed += finished.rows.count { $0.status == .failed }
    }

    mutating func noteArrival(of worker: WorkerID, at now: Duration) {
        departures.removeAll { $0.worker == worker }
        if workers[worker] == nil { workers[worker] = Contribution(since: now) }
    }

    mutating func note(_ failure: Standing.Failure) {
        if failures.count == Self.mostFailures { failures.removeFirst() }
        failures.append(failure)
    }

    /// Notes that the worker is gone. A later note replaces an earlier one, since it may know better why.
    mutating func note(_ departure: Standing.Departure, of worker: WorkerID) {
        departures.removeAll { $0.worker == worker }
        if departures.count == Self.mostDepartures { departures.removeFirst() }
        departures.append((worker, departure))
    }

    mutating func credit(_ worker: WorkerID, cells: Int) { workers[worker]?.cells += cells }
}
