/// Decides which worker solves which task, and when a task has ended.
///
/// A value without clock, chance or sockets: events and the time go in, actions come out, and the
/// same events at the same times give the same actions. The costs of an event are O(log n) in
/// tasks and workers for each task that it concerns, amortised.
public struct Scheduler: Sendable {
    let settings: Settings
    /// By rank.
    var tasks: [TaskRecord]
    let ranks: [TaskID: Int]
    /// Ranks of the tasks that nobody has.
    var waiting: PrioritySet<Int>
    var candidates = PrioritySet<Candidate>()
    var finishedCount = 0
    var failedCount = 0
    var costLeft: Double

    /// Those that are there; a worker that was lost or left, or never said hello, isn't.
    var workers: [WorkerID: WorkerRecord] = [:]
    var losses: [WorkerID: Loss] = [:]
    var hungry = PrioritySet<Hunger>()
    var watches = PrioritySet<Watch>()
    var speed = Speed()
    var attempts = 0

    /// The time of the last event.
    var now: Duration
    /// No silence is counted from before this: it is when the coordinator last woke up.
    var listeningSince: Duration
    var hasSaidEnd = false

    /// A scheduler of unfinished tasks.
    ///
    /// - Parameters:
    ///   - costs: each task's expected work, finite and not negative, in any unit: only ratios
    ///     matter. A task that isn't among them counts as one that has ended.
    ///   - now: monotonic time since any origin, the same as in `handle`.
    public init(costs: [TaskID: Double], settings: Settings = Settings(), now: Duration) {
        precondition(
            costs.values.allSatisfy { $0.isFinite && $0 >= 0 }, "a cost is finite and not negative")
        let order = costs.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        self.settings = settings
        tasks = order.map { TaskRecord(id: $0.key, cost: $0.value) }
        ranks = Dictionary(uniqueKeysWithValues: tasks.enumerated().map { ($1.id, $0) })
        waiting = PrioritySet(tasks.indices)
        costLeft = costs.values.reduce(0, +)
        self.now = now
        listeningSince = now
    }

    /// Whether every task has ended.
    public var isFinished: Bool { finishedCount + failedCount == tasks.count }

    /// Whether the worker has said hello and wasn't lost or gone since. Any other worker that sends
    /// a message must be asked to say hello: it is given nothing before.
    public func knows(_ worker: WorkerID) -> Bool { workers[worker] != nil }

    /// What to do, in this order, now that the event has happened.
    ///
    /// - Parameter now: monotonic, never less than in the call before.
    public mutating func handle(_ event: Event, at now: Duration) -> [Action] {
        wake(at: now)
        if let sender = event.sender { hear(sender) }
        var actions =
            switch event {
            case .joined(let worker, let held): join(worker, held: held)
            case .heard: [Action]()
            case .started(let task, let worker): start(task, by: worker)
            case .finished(let task, let worker): finish(task, by: worker)
            case .failed(let task, let worker, let reason):
                fail(task, by: worker, reason: reason)
            case .released(let task, let worker): release(task, by: worker)
            case .left(let worker): leave(worker)
            case .died(let worker, let reason): bury(worker, reason: reason)
            case .ticked: judgeSilence()
            }
        actions += feed(event.sender)
        if isFinished, !hasSaidEnd {
            hasSaidEnd = true
            actions.append(.end)
        }
        assert(checkedInvariants())
        return actions
    }
}

extension Event {
    /// The worker whose own word this is.
    var sender: WorkerID? {
        switch self {
        case .joined(let worker, _), .heard(let worker), .started(_, let worker),
            .finished(_, let worker), .failed(_, let worker, _), .released(_, let worker),
            .left(let worker):
            worker
        case .died, .ticked: nil
        }
    }
}
