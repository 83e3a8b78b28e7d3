/// What there is to do for workers that don't exist yet, and which workers are there already.
public struct Demand: Hashable, Sendable {
    /// A worker that is there.
    public struct Attendant: Hashable, Sendable {
        /// Nil of a worker that no launcher started.
        public var job: JobID?
        public var isIdle: Bool

        public init(job: JobID?, isIdle: Bool) {
            self.job = job
            self.isIdle = isIdle
        }
    }

    /// Tasks that have not ended.
    public var unfinished: Int
    /// Tasks that no worker has begun and a new worker could do.
    public var unbegun: Int
    /// What the `unbegun` tasks take of one worker's time.
    public var work: Duration
    /// Tasks that no worker has begun and a new worker couldn't do either.
    public var unfit: Int
    public var attendants: [Attendant]

    public init(
        unfinished: Int, unbegun: Int, work: Duration, unfit: Int = 0, attendants: [Attendant]
    ) {
        self.unfinished = unfinished
        self.unbegun = unbegun
        self.work = work
        self.unfit = unfit
        self.attendants = attendants
    }
}

/// What a launcher's workers have, as far as it is known.
public struct WorkerKind: Hashable, Sendable {
    /// Bytes.
    public var memory: Double
    /// How long a worker lives from its arrival on; nil if it may stay for ever.
    public var time: Duration?

    public init(memory: Double = .infinity, time: Duration? = nil) {
        self.memory = memory
        self.time = time
    }
}

extension Scheduler {
    /// What there is to do for new workers of this kind. The caller fills in `attendants`. O(tasks).
    ///
    /// - Parameter guess: seconds for each unit of work, used until a task has finished.
    public func demand(for kind: WorkerKind, guess: Double) -> Demand {
        let pace = speed.secondsPerCost ?? guess
        let limit = classLimit(memory: kind.memory)
        let longest = kind.time.map { $0 / .seconds(1) / pace } ?? .infinity
        var demand = Demand(
            unfinished: wantedCount - finishedCount - failedCount, unbegun: 0, work: .zero,
            attendants: [])
        var work = 0.0
        for rank in tasks.indices where isUnbegun(rank) {
            if tasks[rank].memoryClass < limit, tasks[rank].cost <= longest {
                demand.unbegun += 1
                work += tasks[rank].cost
            } else {
                demand.unfit += 1
            }
        }
        demand.work = .seconds(min(work * pace, 1e12))
        return demand
    }

    /// A task in a busy worker's queue counts as unbegun: a new worker could begin it at once.
    private func isUnbegun(_ rank: Int) -> Bool {
        switch tasks[rank].state {
        case .waiting: true
        case .leased(let holder): workers[holder]?.leases[rank] == .queued
        case .unwanted, .leasedTwice, .finished, .failed: false
        }
    }

    /// Whether a worker that is there holds no task.
    public func isIdle(_ worker: WorkerID) -> Bool { workers[worker]?.leases.isEmpty ?? false }
}
