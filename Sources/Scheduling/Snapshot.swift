extension Scheduler {
    /// Where a run stands, as far as the scheduler knows.
    public struct Snapshot: Hashable, Sendable {
        public struct Worker: Hashable, Sendable {
            /// Tasks that the worker has said it has started.
            public var running: [TaskID]
            /// Tasks in the worker's queue.
            public var queued: [TaskID]
            /// Results of this worker that were the first of their task.
            public var finished: Int
            public var heardAt: Duration
        }

        public var tasks: TaskCounts
        /// Waiting tasks that no worker can do.
        public var misfit: Misfit?
        /// Work left in worker time, at the speed of the last finished tasks; nil before the first.
        public var workLeft: Duration?
        /// The workers that are there.
        public var workers: [WorkerID: Worker]
    }

    /// Where the run stands. Costs O(workers and what they hold).
    public var snapshot: Snapshot {
        let seen = workers.mapValues { worker in
            let held = worker.leases.keys.sorted()
            return Snapshot.Worker(
                running: held.filter { worker.leases[$0] != .queued }.map { tasks[$0].id },
                queued: held.filter { worker.leases[$0] == .queued }.map { tasks[$0].id },
                finished: worker.finishedCount, heardAt: worker.heardAt)
        }
        let running = Set(seen.values.lazy.flatMap(\.running)).count
        let unfinished = wantedCount - finishedCount - failedCount
        return Snapshot(
            tasks: TaskCounts(
                waiting: waiting.count, leased: unfinished - waiting.count - running,
                running: running, finished: finishedCount, failed: failedCount,
                attempts: attempts), misfit: misfit,
            workLeft: speed.secondsPerCost.map { .seconds(max(0, costLeft) * $0) },
            workers: seen)
    }
}
