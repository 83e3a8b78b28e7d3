/// What the scheduler knows of one task.
///
/// Inside the scheduler a task goes by its rank: its place in the order longest first, ties by id.
struct TaskRecord: Sendable {
    enum State: Hashable, Sendable {
        /// Nobody is to do it, unless a later event says so. Until then what workers bring of it is dropped, as
        /// for a task that has ended.
        case unwanted
        case waiting
        case leased(WorkerID)
        /// Two workers, in the order in which they got it; happens near the end of the sweep.
        case leasedTwice(WorkerID, WorkerID)
        case finished
        case failed
    }

    /// A worker that was lost after it had started the task.
    struct Crash: Sendable {
        var worker: WorkerID
        var reason: String
    }

    let id: TaskID
    /// Expected work.
    let cost: Double
    /// The position of the task's memory need in `Scheduler.memoryNeeds`.
    let memoryClass: Int
    var state: State
    /// At most one of each worker: a worker can only be lost again after it has come back, and its
    /// coming back has removed the first crash.
    var crashes: [Crash] = []
    /// The task's entry in `Scheduler.candidates`; nil if it may not be leased a second time.
    var candidate: Candidate?

    var holders: [WorkerID] {
        switch state {
        case .unwanted, .waiting, .finished, .failed: []
        case .leased(let worker): [worker]
        case .leasedTwice(let first, let second): [first, second]
        }
    }

    /// Whether it is still to be done.
    var isOpen: Bool {
        switch state {
        case .waiting, .leased, .leasedTwice: true
        case .unwanted, .finished, .failed: false
        }
    }
}

/// A task with one lease that an idle worker may be given too. Tasks that their worker hasn't started
/// come first, longest first, then those that have run longest.
struct Candidate: Hashable, Comparable, Sendable {
    /// When its worker started it; nil if it hasn't.
    var since: Duration?
    var rank: Int

    static func < (a: Candidate, b: Candidate) -> Bool {
        switch (a.since, b.since) {
        case (nil, nil): a.rank < b.rank
        case (nil, _): true
        case (_, nil): false
        case (let first?, let second?): (first, a.rank) < (second, b.rank)
        }
    }
}
