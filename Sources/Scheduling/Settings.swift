extension Scheduler {
    /// How patient the scheduler is, and how far ahead it works.
    public struct Settings: Hashable, Sendable {
        /// How many workers that had started a task may be lost before the task is given up; at least
        /// 1. With nil a task is never given up, and may go on killing workers for ever. A worker that
        /// is only cut off counts until it returns; a task that was given up by then stays so.
        public var crashLimit: Int?
        /// Time without a word after which a worker's tasks are given to others. `ticked` must come
        /// several times as often: a gap between two events that is as long as this counts as the
        /// coordinator's own absence.
        public var silence: Duration
        /// Expected work in a worker's queue beyond the task being solved. One task always waits
        /// there, however long it is; more of them let short tasks follow without a round trip.
        public var inHand: Duration
        /// Whether workers with more memory than those that are there may still come. If not, a
        /// task that needs more fails at once; otherwise it waits.
        public var expectsLargerWorkers: Bool
        /// How long a new scheduler assigns nothing. Meanwhile workers of an earlier coordinator come
        /// back and say what they hold and have finished, so that no other worker begins those tasks.
        public var reunion: Duration
        /// How many workers will come, where that is known from the beginning; else 0. The first of them are
        /// given tasks before the others are there.
        public var expectedWorkers: Int

        public init(
            crashLimit: Int? = 3, silence: Duration = .seconds(10),
            inHand: Duration = .milliseconds(50), expectsLargerWorkers: Bool = true,
            reunion: Duration = .zero, expectedWorkers: Int = 0
        ) {
            precondition(crashLimit.map { $0 >= 1 } ?? true, "a crash limit is at least 1")
            precondition(silence > .zero, "a worker must be allowed some silence")
            self.crashLimit = crashLimit
            self.silence = silence
            self.inHand = inHand
            self.expectsLargerWorkers = expectsLargerWorkers
            self.reunion = reunion
            self.expectedWorkers = expectedWorkers
        }
    }
}
