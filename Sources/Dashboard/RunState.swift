/// Where a run stands, as it is told outside of its process: on the page, and in the snapshot that `kdsweep status`
/// reads.
public struct RunState: Hashable, Codable, Sendable {
    public enum State: String, Hashable, Codable, Sendable {
        case running
        /// The results are written.
        case finished
        case interrupted
        /// The run could not go on.
        case failed
    }

    public struct Cells: Hashable, Codable, Sendable {
        /// Cells that earlier runs have stored.
        public var storedBefore: Int
        /// Cells that this run has stored, failed ones among them.
        public var done: Int
        public var failed: Int
        /// Cells that this run has to compute, as far as that is certain.
        public var total: Int
        /// Cells that it is expected to compute in all, where results tell how many; nil elsewhere.
        public var expected: Int?
        public var perSecond: Double

        public init(
            storedBefore: Int, done: Int, failed: Int, total: Int, expected: Int? = nil,
            perSecond: Double
        ) {
            self.storedBefore = storedBefore
            self.done = done
            self.failed = failed
            self.total = total
            self.expected = expected
            self.perSecond = perSecond
        }
    }

    public struct Tasks: Hashable, Codable, Sendable {
        public var waiting: Int
        /// Tasks that are in a worker's queue and that no worker has begun.
        public var leased: Int
        public var running: Int
        public var finished: Int
        public var failed: Int
        public var attempts: Int

        public init(
            waiting: Int, leased: Int, running: Int, finished: Int, failed: Int, attempts: Int
        ) {
            self.waiting = waiting
            self.leased = leased
            self.running = running
            self.finished = finished
            self.failed = failed
            self.attempts = attempts
        }
    }

    public struct Worker: Hashable, Codable, Sendable {
        public var host: String
        public var pid: Int32
        /// Numbers of the tasks that it is at.
        public var running: [Int]
        /// Tasks in its queue.
        public var queued: Int
        /// Tasks that it was the first to finish.
        public var finished: Int
        public var cellsPerSecond: Double
        public var heardSecondsAgo: Double

        public init(
            host: String, pid: Int32, running: [Int], queued: Int, finished: Int,
            cellsPerSecond: Double, heardSecondsAgo: Double
        ) {
            self.host = host
            self.pid = pid
            self.running = running
            self.queued = queued
            self.finished = finished
            self.cellsPerSecond = cellsPerSecond
            self.heardSecondsAgo = heardSecondsAgo
        }
    }

    /// A worker that is no longer there.
    public struct GoneWorker: Hashable, Codable, Sendable {
        public var host: String
        public var pid: Int32
        public var reason: String
        public var secondsAgo: Double

        public init(host: String, pid: Int32, reason: String, secondsAgo: Double) {
            self.host = host
            self.pid = pid
            self.reason = reason
            self.secondsAgo = secondsAgo
        }
    }

    /// A task whose cells have failed.
    public struct Failure: Hashable, Codable, Sendable {
        public var task: Int
        public var cells: Int
        public var reason: String
        public var secondsAgo: Double

        public init(task: Int, cells: Int, reason: String, secondsAgo: Double) {
            self.task = task
            self.cells = cells
            self.reason = reason
            self.secondsAgo = secondsAgo
        }
    }

    /// Workers that a launcher keeps.
    public struct Launch: Hashable, Codable, Sendable {
        public var launcher: String
        public var queued: Int
        public var running: Int
        public var maximum: Int
        /// Why there aren't more workers; nil while nothing hinders the launcher.
        public var obstacle: String?

        public init(
            launcher: String, queued: Int, running: Int, maximum: Int, obstacle: String?
        ) {
            self.launcher = launcher
            self.queued = queued
            self.running = running
            self.maximum = maximum
            self.obstacle = obstacle
        }
    }

    public var sweep: String
    public var state: State
    /// Why the run failed; nil otherwise.
    public var reason: String?
    public var elapsedSeconds: Double
    /// Nil until a task has finished, once no cell is left, and once the run has ended.
    public var secondsLeft: Double?
    /// The same until the cells are done that are expected in all; nil where only the certain ones are.
    public var secondsExpected: Double?
    public var cells: Cells
    public var tasks: Tasks
    /// Those that are there.
    public var workers: [Worker]
    public var malformedMessages: Int
    public var strangersTurnedAway: Int
    /// Nil if the run has no launcher.
    public var launch: Launch?
    /// The last ones, the latest first; nil where there is none. `tasks.failed` counts them all.
    public var failures: [Failure]?
    /// The last workers that went and didn't come back, the latest first; nil where there is none.
    public var goneWorkers: [GoneWorker]?

    public init(
        sweep: String, state: State, reason: String?, elapsedSeconds: Double, secondsLeft: Double?,
        secondsExpected: Double? = nil, cells: Cells, tasks: Tasks, workers: [Worker],
        malformedMessages: Int,
        strangersTurnedAway: Int, launch: Launch?, failures: [Failure]?, goneWorkers: [GoneWorker]?
    ) {
        self.sweep = sweep
        self.state = state
        self.reason = reason
        self.elapsedSeconds = elapsedSeconds
        self.secondsLeft = secondsLeft
        self.secondsExpected = secondsExpected
        self.cells = cells
        self.tasks = tasks
        self.workers = workers
        self.malformedMessages = malformedMessages
        self.strangersTurnedAway = strangersTurnedAway
        self.launch = launch
        self.failures = failures
        self.goneWorkers = goneWorkers
    }
}
