/// Where a run stands, for display.
public struct Standing: Hashable, Sendable {
    public struct Worker: Hashable, Sendable {
        public var host: String
        public var pid: Int32
        /// Tasks that it is at.
        public var running: [Int]
        /// Tasks that it was the first to finish.
        public var finished: Int
    }

    /// Stored in this run, failed ones among them.
    public var cellsDone: Int
    public var cellsFailed: Int
    /// Of this run.
    public var cellsTotal: Int
    public var tasksDone: Int
    public var tasksRunning: Int
    public var tasksTotal: Int
    /// Those that are there, in an order that stays.
    public var workers: [Worker]
    public var elapsed: Duration
    /// At the speed so far and with the workers that are there; nil while nothing is known.
    public var timeLeft: Duration?
    /// Messages that were dropped as malformed.
    public var malformed: Int
}
