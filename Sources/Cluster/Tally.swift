import Sweep

/// What has been stored in a run.
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
}
