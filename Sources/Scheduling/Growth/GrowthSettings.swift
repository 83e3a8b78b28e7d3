extension Growth {
    /// How far and how eagerly a launcher's workers grow.
    public struct Settings: Hashable, Sendable {
        /// Workers at once, queued ones among them; at least 1.
        public var maximum: Int
        /// Work that a worker must find to be worth its start: its program is loaded, its node is
        /// prepared, and somebody else's job waits meanwhile.
        public var startCost: Duration
        /// Time without a task after which a worker may go. Longer than the gaps in which a lost
        /// worker's tasks come back: a new worker may have to queue for a day.
        public var idleLimit: Duration
        /// How long a job may run before its worker says hello.
        public var connectionLimit: Duration
        /// Between two lists: the shortest after a change, then twice as long each time. Schedulers
        /// are shared, and ask not to be asked too often.
        public var shortestListInterval: Duration
        public var longestListInterval: Duration
        /// Wait after the first failed start; twice as long after the second.
        public var backoff: Duration
        /// Failures in a row after which launching pauses, and lists in a row whose loss is told.
        public var failureLimit: Int
        /// Then one start is tried after so long.
        public var pause: Duration
        /// Wait after the launcher has started fewer than it was asked for.
        public var pauseWhenFull: Duration
        /// Until a job that doesn't end is told again to stop.
        public var stopInterval: Duration
        /// At the end, for workers that were told to go by the coordinator.
        public var farewell: Duration

        public init(
            maximum: Int, startCost: Duration = .seconds(5), idleLimit: Duration = .seconds(10),
            connectionLimit: Duration = .seconds(120), shortestListInterval: Duration = .seconds(1),
            longestListInterval: Duration = .seconds(30), backoff: Duration = .seconds(5),
            failureLimit: Int = 3, pause: Duration = .seconds(600),
            pauseWhenFull: Duration = .seconds(60), stopInterval: Duration = .seconds(30),
            farewell: Duration = .seconds(3)
        ) {
            precondition(maximum >= 1 && failureLimit >= 1, "a launcher launches something")
            precondition(startCost > .zero, "a start costs something")
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
