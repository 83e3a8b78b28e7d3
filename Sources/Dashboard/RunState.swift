/// Where a run stands, in the words and numbers that the page shows.
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
        /// Cells that this run has to compute.
        public var total: Int
        public var perSecond: Double

        public init(storedBefore: Int, done: Int, failed: Int, total: Int, perSecond: Double) {
            self.storedBefore = storedBefore
            self.done = done
            self.failed = failed
            self.total = total
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
        /// Its host and process number.
        public var name: String
        /// The tasks that it is solving, `task 12: width 256, depth 3, seed 4`; empty while it waits.
        public var work: [String]
        /// Tasks in its queue.
        public var queued: Int
        /// Tasks that it was the first to finish.
        public var finished: Int
        public var cellsPerSecond: Double
        public var heardSecondsAgo: Double

        public init(
            name: String, work: [String], queued: Int, finished: Int, cellsPerSecond: Double,
            heardSecondsAgo: Double
        ) {
            self.name = name
            self.work = work
            self.queued = queued
            self.finished = finished
            self.cellsPerSecond = cellsPerSecond
            self.heardSecondsAgo = heardSecondsAgo
        }
    }

    /// A worker that is no longer there.
    public struct Gone: Hashable, Codable, Sendable {
        public var name: String
        public var secondsAgo: Double
        public var reason: String

        public init(name: String, secondsAgo: Double, reason: String) {
            self.name = name
            self.secondsAgo = secondsAgo
            self.reason = reason
        }
    }

    /// A task whose cells have failed.
    public struct Failure: Hashable, Codable, Sendable {
        /// `task 12: width 256, depth 3, seed 4`
        public var work: String
        public var cells: Int
        public var secondsAgo: Double
        public var reason: String

        public init(work: String, cells: Int, secondsAgo: Double, reason: String) {
            self.work = work
            self.cells = cells
            self.secondsAgo = secondsAgo
            self.reason = reason
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
    /// The results folder, as it is shown.
    public var folder: String
    public var state: State
    /// Why the run failed; nil otherwise.
    public var reason: String?
    public var elapsedSeconds: Double
    /// Nil until a task has finished, and once no cell is left.
    public var secondsLeft: Double?
    public var cells: Cells
    public var tasks: Tasks
    /// The workers that are there, up to some number.
    public var workers: [Worker]
    /// How many workers are there.
    public var workerCount: Int
    /// The last workers that went and didn't come back, the latest first.
    public var gone: [Gone]
    /// The last failures, the latest first; `tasks.failed` counts them all.
    public var failures: [Failure]
    public var malformedMessages: Int
    public var strangersTurnedAway: Int
    /// Nil if the run has no launcher.
    public var launch: Launch?

    public init(
        sweep: String, folder: String, state: State, reason: String?, elapsedSeconds: Double,
        secondsLeft: Double?, cells: Cells, tasks: Tasks, workers: [Worker], workerCount: Int,
        gone: [Gone], failures: [Failure], malformedMessages: Int, strangersTurnedAway: Int,
        launch: Launch?
    ) {
        self.sweep = sweep
        self.folder = folder
        self.state = state
        self.reason = reason
        self.elapsedSeconds = elapsedSeconds
        self.secondsLeft = secondsLeft
        self.cells = cells
        self.tasks = tasks
        self.workers = workers
        self.workerCount = workerCount
        self.gone = gone
        self.failures = failures
        self.malformedMessages = malformedMessages
        self.strangersTurnedAway = strangersTurnedAway
        self.launch = launch
    }
}
