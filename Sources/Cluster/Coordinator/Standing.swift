import Scheduling

/// Where a run stands, as the coordinator knows it.
public struct Standing: Hashable, Sendable {
    public struct Worker: Hashable, Sendable {
        public var host: String
        public var pid: Int32
        /// Tasks that it is at.
        public var running: [Int]
        /// Tasks in its queue.
        public var queued: Int
        /// Tasks that it was the first to finish.
        public var finished: Int
        /// Of the tasks that it finished.
        public var cells: Int
        /// Since it first said hello to this coordinator.
        public var age: Duration
        /// Since its last word.
        public var silence: Duration

        /// On the average since it came.
        public var cellsPerSecond: Double { rate(of: cells, in: age) }
    }

    /// A task that was given up: its cells are stored as failed.
    public struct Failure: Hashable, Sendable {
        public var task: Int
        public var cells: Int
        public var reason: String
        /// Of the run's time.
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
        /// Of the run's time.
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
        /// Why there aren't more; nil while nothing is in the way.
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

    /// Stored in this run, failed ones among them.
    public var cellsDone: Int
    public var cellsFailed: Int
    /// Of this run.
    public var cellsTotal: Int
    public var tasksDone: Int
    public var tasksTotal: Int
    /// As the scheduler sees them: those that have just ended may not be stored yet.
    public var tasks: TaskCounts
    /// Those that are there, in an order that stays.
    public var workers: [Worker]
    public var elapsed: Duration
    /// At the speed so far and with the workers that are there; nil while nothing is known.
    public var timeLeft: Duration?
    /// Messages that were dropped as malformed.
    public var malformed: Int
    /// Connections that were turned away: no key, or not this run's.
    public var strangers: Int
    /// Nil where no launcher was asked for.
    public var launch: Launch?
    /// The last ones, in the order in which they came; `tasks.failed` counts them all.
    public var failures: [Failure] = []
    /// The last workers that went, in the order in which they did, but for those that came back.
    public var departures: [Departure] = []

    /// On the average of this run.
    public var cellsPerSecond: Double { rate(of: cellsDone, in: elapsed) }

    /// Of a run that has nothing to do.
    public static let idle = Standing(
        cellsDone: 0, cellsFailed: 0, cellsTotal: 0, tasksDone: 0, tasksTotal: 0,
        tasks: TaskCounts(), workers: [], elapsed: .zero, timeLeft: nil, malformed: 0, strangers: 0)
}

/// Per second.
private func rate(of count: Int, in duration: Duration) -> Double {
    duration > .zero ? Double(count) / (duration / .seconds(1)) : 0
}
