extension Growth {
    /// How far and how eagerly a launcher's workers grow.
    public struct Settings: Hashable, Sendable {
        /// Workers at once, queued ones among them; at least 1.
        public var maximum: Int
        /// Work that a worker must find to be worth its start. A start loads the program and prepares a
        /// node, and takes the node from other users' jobs.
        public var startCost: Duration
        /// Time without a task after which a worker is told to go. Not shorter than a lost worker's
        /// tasks take to come back: a worker that goes too early is replaced by one that may have to
        /// queue for a day.
        public var idleLimit: Duration
        /// How long a job may run before its worker says hello.
        public var connectionLimit: Duration
        /// Time between two lists: the shortest after a change, then twice as long each time. Many users
        /// share a cluster's scheduler, which isn't to be asked too often.
        public var shortestListInterval: Duration
        public var longestListInterval: Duration
        /// Wait after the first failed start; twice as long after the second.
        public var backoff: Duration
        /// Failed starts in a row after which launching pauses; failed lists in a row after which the
        /// user is told.
        public var failureLimit: Int
        /// How long launching pauses; then one start is tried.
        public var pause: Duration
        /// Wait after the launcher has started fewer than it was asked for.
        public var pauseWhenFull: Duration
        /// How long a job that was told to stop may take to end before it is told again.
        public var stopInterval: Duration
        /// At the end of a run: how long workers that the coordinator told to go may take, before their
        /// jobs are stopped.
        public var farewell: Duration

        public init(
            maximum: Int, startCost: Duration = .seconds(5), idleLimit: Duration = .seconds(10),
            connectionLimit: Duration = .seconds(120), shortestListInterval: Duration = .seconds(1),
            longestListInterval: Duration = .seconds(30), backoff: Duration = .seconds(5),
            failureLimit: Int = 3, pause: Duration = .seconds(600),
            pauseWhenFull: Duration = .seconds(60), stopInterval: Duration = .seconds(30),
            farewell: Duration = .seconds(3)
        ) {
            precondition(maximum >= 1 && failureLimit >= 1, "the limits are at least 1")
            precondition(startCost > .zero, "a start's cost is positive")
            self.maximum = maximum
            self.startCost = startCost
            self.idleLimit = idleLimit
            self.connectionLimit = connectionLimit
            self.shortestListInterval = shortestListInterval
            self.longestListInterval = longestListInterval
            self.backoff = backoff
            self.failureLimit = failureLimit
            self.pause = pause
            self.pauseWhenFull = pauseWhenFull
            self.stopInterval = stopInterval
            self.farewell = farewell
        }
    }
}
