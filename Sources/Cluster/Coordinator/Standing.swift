import Scheduling

/// Where a run stands, as the coordinator knows it.
public struct Standing: Hashable, Sendable {
    public struct Worker: Hashable, Sendable {
        public var host: String
        public var pid: Int32
        /// Tasks that it is solving.
        public var running: [Int]
        /// Tasks in its queue.
        public var queued: Int
        /// Tasks that it was the first to finish.
        public var finished: Int
        /// Cells that it has brought.
        public var cells: Int
        /// Time since it first said hello to this coordinator.
        public var age: Duration
        /// Time since its last message.
        public var silence: Duration

        /// The average since it came.
        public var cellsPerSecond: Double { rate(of: cells, in: age) }
    }

    /// A task that was given up: its cells are stored as failed.
    public struct Failure: Hashable, Sendable {
        public var task: Int
        public var cells: Int
        public var reason: String
        /// Time since the run's start.
        public var at: Duration

        public init(task: Int, cells: Int, reason: String, at: Duration) {
            self.task = task
            self.cells = cells
            self.reason = reason
            self.at = at
        }
    }

    /// A worker that is no longer there.
    public struct Departure: Hashable, Sendable {
        public var host: String
        public var pid: Int32
        public var reason: String
        /// Time since the run's start.
        public var at: Duration

        public init(host: String, pid: Int32, reason: String, at: Duration) {
            self.host = host
            self.pid = pid
            self.reason = reason
            self.at = at
        }
    }

    /// Workers that a launcher keeps.
    public struct Launch: Hashable, Sendable {
        public var launcher: String
        public var queued: Int
        public var running: Int
        public var maximum: Int
        /// Why there aren't more workers; nil while nothing hinders the launcher.
        public var obstacle: String?

        public init(
            launcher: String, queued: Int, running: Int, maximum: Int, obstacle: String? = nil
        ) {
            self.launcher = launcher
            self.queued = queued
            self.running = running
            self.maximum = maximum
            self.obstacle = obstacle
        }
    }

    /// Cells stored in this run, failed ones among them.
    public var cellsDone: Int
    public var cellsFailed: Int
    /// Cells that this run has to compute, as far as that is certain.
    public var cellsTotal: Int
    /// Cells that it is expected to compute in all, where that follows from results; nil where it doesn't, or where
    /// nothing tells yet.
    public var cellsExpected: Int?
    public var tasksDone: Int
    public var tasksTotal: Int
    /// As the scheduler sees them: those that have just ended may not be stored yet.
    public var tasks: TaskCounts
    /// Those that are there, in an order that stays.
    public var workers: [Worker]
    public var elapsed: Duration
    /// At the speed so far and with the workers that are there; nil before a task has finished.
    public var timeLeft: Duration?
    /// Messages that were dropped as malformed.
    public var malformed: Int
    /// Connections that were turned away, since they had no key, or not this run's.
    public var strangers: Int
    /// Nil if the run has no launcher.
    public var launch: Launch?
    /// The last failures, in the order in which they came; `tasks.failed` counts them all.
    public var failures: [Failure] = []
    /// The last workers that went and didn't come back, in the order in which they went.
    public var departures: [Departure] = []

    /// The average of this run.
    public var cellsPerSecond: Double { rate(of: cellsDone, in: elapsed) }

    /// Until the cells are done that are expected beyond the certain ones too; nil if there are none, or if nothing
    /// tells.
    public var timeExpected: Duration? {
        guard let timeLeft, let cellsExpected, cellsExpected > cellsTotal, cellsPerSecond > 0
        else { return nil }
        return timeLeft + .seconds(Double(cellsExpected - cellsTotal) / cellsPerSecond)
    }

    /// The standing of a run that has nothing to do.
    public static let idle = Standing(
        cellsDone: 0, cellsFailed: 0, cellsTotal: 0, tasksDone: 0, tasksTotal: 0,
        tasks: TaskCounts(), workers: [], elapsed: .zero, timeLeft: nil, malformed: 0, strangers: 0)
}

/// Per second.
private func rate(of count: Int, in duration: Duration) -> Double {
    duration > .zero ? Double(count) / (duration / .seconds(1)) : 0
}

extension Desk {
    /// Where the run stands, as of the last thing that happened.
    var standing: Standing {
        let schedule = scheduler.snapshot
        let workers = schedule.workers.sorted { $0.key < $1.key }.compactMap { id, worker in
            sessions.peers[id].map {
                Standing.Worker(
                    host: $0.machine.host, pid: $0.machine.pid, running: worker.running,
                    queued: worker.queued.count, finished: worker.finished,
                    cells: tally.workers[id]?.cells ?? 0,
                    age: now - (tally.workers[id]?.since ?? now), silence: now - worker.heardAt)
            }
        }
        return Standing(
            cellsDone: tally.cellsDone, cellsFailed: tally.cellsFailed,
            cellsTotal: tally.cellsTotal, tasksDone: tally.tasksDone,
            tasksTotal: tally.tasksTotal, tasks: schedule.tasks, workers: workers, elapsed: now,
            timeLeft: workers.isEmpty ? nil : schedule.workLeft.map { $0 / workers.count },
            malformed: tally.malformed, strangers: tally.strangers,
            failures: tally.failures, departures: tally.departures.map(\.departure))
    }
}
