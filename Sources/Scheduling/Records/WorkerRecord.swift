/// What the scheduler knows of a worker that is there.
struct WorkerRecord: Sendable {
    enum Phase: Sendable {
        case working
        /// It has begun to hand its tasks back, and would hand back any other.
        case leaving
    }

    var phase = Phase.working
    var limits = Limits()
    /// The memory classes below this are within the worker's memory.
    var classLimit = 0
    /// Nothing that is to be had fits into the time that it has left. Until its next word it isn't
    /// asked again: nothing but its own speed can change that.
    var isResting = false
    /// By rank.
    private(set) var leases: [Int: Lease] = [:]
    /// Cost of the leases that are queued.
    private(set) var queuedCost = 0.0
    private(set) var queuedCount = 0
    /// Cost of all leases.
    private(set) var heldCost = 0.0
    var finishedCount = 0
    var speed = Speed()
    /// When its last task ended. Of tasks that it has begun together the next runs from then on.
    var freeSince: Duration?
    var heardAt: Duration
    /// The worker's entry among the silences: when to look at it next.
    var lookAgain: Duration
    /// The worker's entry among those that want tasks.
    var hunger: Hunger?

    mutating func add(_ rank: Int, cost: Double) {
        let replaced = leases.updateValue(.queued, forKey: rank)
        precondition(replaced == nil, "a worker holds a task once")
        queuedCost += cost
        queuedCount += 1
        heldCost += cost
    }

    mutating func start(_ rank: Int, cost: Double, at now: Duration) {
        guard leases[rank] == .queued else { return }
        leases[rank] = .running(since: now)
        unqueue(cost)
    }

    /// The lease that has ended.
    mutating func remove(_ rank: Int, cost: Double) -> Lease {
        guard let lease = leases.removeValue(forKey: rank) else {
            preconditionFailure("a task's holder has a lease on it")
        }
        if lease == .queued { unqueue(cost) }
        heldCost = leases.isEmpty ? 0 : max(0, heldCost - cost)
        return lease
    }

    /// An empty queue's cost is set to zero, so that rounding never adds up.
    private mutating func unqueue(_ cost: Double) {
        queuedCount -= 1
        queuedCost = queuedCount == 0 ? 0 : max(0, queuedCost - cost)
    }
}

/// One worker's turn at a task.
enum Lease: Hashable, Sendable {
    case queued
    case running(since: Duration)
}

/// A worker with less in hand than the task being solved and one more; among those that hold
/// equally much, the one with the most memory comes first: what it can't take nobody can.
struct Hunger: Hashable, Comparable, Sendable {
    var held: Int
    var classLimit: Int
    var worker: WorkerID

    static func < (a: Hunger, b: Hunger) -> Bool {
        (b.classLimit, a.worker) < (a.classLimit, b.worker)
    }
}

/// A worker by its memory, the largest first.
struct Stature: Hashable, Comparable, Sendable {
    var memory: Double
    var worker: WorkerID

    static func < (a: Stature, b: Stature) -> Bool { (b.memory, a.worker) < (a.memory, b.worker) }
}

/// When to look at a worker's silence next: never later than it could become too long.
struct Watch: Hashable, Comparable, Sendable {
    var at: Duration
    var worker: WorkerID

    static func < (a: Watch, b: Watch) -> Bool { (a.at, a.worker) < (b.at, b.worker) }
}

/// What a lost worker held, since it may return or prove to have started more than was known.
struct Loss: Sendable {
    enum Cause: Hashable, Sendable {
        /// Any word from the worker undoes this.
        case silence
        /// Only a new hello, or an orderly goodbye that was overtaken, undoes this: other words are
        /// from before the death.
        case death(reason: String)
    }

    var cause: Cause
    var leases: [Int: Lease]
}
