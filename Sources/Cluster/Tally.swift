import Scheduling
import Sweep

/// What has been stored in a run, and what each worker has done for it.
struct Tally {
    var tasksDone = 0
    let tasksTotal: Int
    var cellsDone = 0
    var cellsFailed = 0
    let cellsTotal: Int
    /// Messages that were dropped.
    var malformed = 0
    /// Connections that were turned away.
    var strangers = 0
    private(set) var workers: [WorkerID: Contribution] = [:]

    struct Contribution {
        /// When the worker first came.
        var since: Duration
        /// Of the tasks that it was the first to finish.
        var cells = 0
    }

    init(tasksTotal: Int, cellsTotal: Int) {
        self.tasksTotal = tasksTotal
        self.cellsTotal = cellsTotal
    }

    var tasksLeft: Int { tasksTotal - tasksDone }

    mutating func count(_ finished: Finished) {
        tasksDone += 1
        cellsDone += finished.rows.count
        cellsFailed += finished.rows.count { $0.status == .failed }
    }

    mutating func noteArrival(of worker: WorkerID, at now: Duration) {
        if workers[worker] == nil { workers[worker] = Contribution(since: now) }
    }

    mutating func credit(_ worker: WorkerID, cells: Int) { workers[worker]?.cells += cells }
}
