/// What the scheduler knows of one task.
///
/// Inside the scheduler a task goes by its rank: its place in the order longest first, ties by id.
struct TaskRecord: Sendable {
    enum State: Hashable, Sendable {
        case waiting
        case leased(WorkerID)
        /// Near the end of the sweep; in the order in which they got it.
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
    /// How many smaller memory needs other tasks have.
    let memoryClass: Int
    var state = State.waiting
    /// At most one a worker: a worker that is lost a second time has returned in between, which
    /// took the first crash back.
    var crashes: [Crash] = []
    /// The task's entry among those that may be leased a second time.
    var candidate: Candidate?

    var holders: [WorkerID] {
        switch state {
        case .waiting, .finished, .failed: []
        case .leased(let worker): [worker]
        case .leasedTwice(let first, let second): [first, second]
        }
    }

    var hasEnded: Bool {
        switch state {
        case .waiting, .leased, .leasedTwice: false
        case .finished, .failed: true
        }
    }
}

/// A task that an idle worker may take up beside the one that has it: those that nobody has started
/// come first, longest first, then those that have run longest.
struct Candidate: Hashable, Comparable, Sendable {
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
