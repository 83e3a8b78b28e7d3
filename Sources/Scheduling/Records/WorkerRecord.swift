/// What the scheduler knows of a worker that is there.
struct WorkerRecord: Sendable {
    enum Phase: Sendable {
        case working
        /// The worker has begun to hand its tasks back, and would hand back any other.
        case leaving
    }

    var phase = Phase.working
    var limits = Limits()
    /// The memory classes below this are within the worker's memory.
    var classLimit = 0
    /// No task that it could be given fits into the time that it has left. Until its next message it
    /// isn't considered again, so that `feed` doesn't try it in vain after every event.
    var isResting = false
    /// Its leases, by the task's rank.
    private(set) var leases: [Int: Lease] = [:]
    /// Cost of the leases that are queued.
    private(set) var queuedCost = 0.0
    private(set) var queuedCount = 0
    /// Cost of all leases.
    private(set) var heldCost = 0.0
    var finishedCount = 0
    var speed = Speed()
    /// When its last task ended. If it has said that it began several tasks, the time that the next one
    /// takes counts from here.
    var freeSince: Duration?
    var heardAt: Duration
    /// When to look next whether it has been silent for too long: its entry in `Scheduler.watches`.
    var lookAgain: Duration
    /// The worker's entry in `Scheduler.hungry`; nil if it wants no task.
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
