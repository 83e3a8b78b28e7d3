/// Decides which worker solves which task, and when a task has ended.
///
/// A value without clock, chance or sockets: events and the time go in, actions come out, and the
/// same events at the same times give the same actions. The costs of an event are O(log n) in
/// tasks and workers for each task that it concerns, amortised, and O(1) in the distinct memory
/// needs: those follow from the blocks' shapes and are few, however many tasks there are.
public struct Scheduler: Sendable {
    let settings: Settings
    /// All tasks, by rank.
    var tasks: [TaskRecord]
    let ranks: [TaskID: Int]
    /// The distinct memory needs in bytes, ascending. A memory class is a position in this list.
    let memoryNeeds: [Double]
    var waiting: WaitingTasks
    /// The tasks that may be leased a second time, by memory class.
    var candidates: [PrioritySet<Candidate>]
    /// How many tasks are wanted, ended ones among them.
    var wantedCount: Int
    var finishedCount = 0
    var failedCount = 0
    /// Of the tasks that are still to be done.
    var costLeft: Double

    /// The workers that are there; one that was lost, has left or never said hello isn't among them.
    var workers: [WorkerID: WorkerRecord] = [:]
    var losses: [WorkerID: Loss] = [:]
    /// Workers that want tasks, by how many they hold: none or one.
    var hungry = [PrioritySet<Hunger>(), PrioritySet<Hunger>()]
    var statures = PrioritySet<Stature>()
    /// The last `misfit` action.
    var misfit: Misfit?
    /// Tasks that fit the memory of some worker and the time left of none, and when to look again.
    var overlong: Misfit?
    var overlongDue: Duration
    var watches = PrioritySet<Watch>()
    var speed = Speed()
    var attempts = 0

    /// The time of the last event.
    var now: Duration
    /// When the coordinator began to listen, or came back after an absence. No silence is counted from
    /// before this.
    var listeningSince: Duration
    /// No task is assigned before this; see `Settings.reunion`.
    let opensAt: Duration

    /// A scheduler of unfinished tasks.
    ///
    /// - Parameters:
    ///   - needs: what each task asks of its worker. A task without an entry counts as ended.
    ///   - unwanted: those of them that are to be done only once an event says so.
    ///   - now: monotonic time since any origin, the same as in `handle`.
    public init(
        needs: [TaskID: Need], unwanted: Set<TaskID> = [], settings: Settings = Settings(),
        now: Duration
    ) {
        let order = needs.sorted { ($1.value.work, $0.key) < ($0.value.work, $1.key) }
        let memoryNeeds = Set(needs.values.lazy.map(\.memory)).sorted()
        let classes = Dictionary(
            uniqueKeysWithValues: memoryNeeds.enumerated().map { ($1, $0) })
        self.settings = settings
        self.memoryNeeds = memoryNeeds
        tasks = order.map { id, need in
            TaskRecord(
                id: id, cost: need.work, memoryClass: classes[need.memory]!,
                state: unwanted.contains(id) ? .unwanted : .waiting)
        }
        ranks = Dictionary(uniqueKeysWithValues: tasks.enumerated().map { ($1.id, $0) })
        waiting = WaitingTasks(
            classes: tasks.map(\.memoryClass), classCount: memoryNeeds.count,
            rounds: order.map(\.value.round))
        candidates = Array(repeating: PrioritySet(), count: memoryNeeds.count)
        costLeft = tasks.reduce(0) { $0 + ($1.isOpen ? $1.cost : 0) }
        wantedCount = tasks.count { $0.isOpen }
        for rank in tasks.indices where !tasks[rank].isOpen { waiting.remove(rank) }
        self.now = now
        listeningSince = now
        overlongDue = now + settings.silence
        opensAt = now + settings.reunion
    }

    /// Whether every wanted task has ended.
    public var isFinished: Bool { finishedCount + failedCount == wantedCount }

    /// Whether tasks are given out.
    var isAssigning: Bool { now >= opensAt }

    /// Whether the worker has said hello and was not lost, nor left, since. Any other worker that sends
    /// a message must be asked to say hello, since only then is it given tasks.
    public func knows(_ worker: WorkerID) -> Bool { workers[worker] != nil }

    /// Whether the task is still to be done; not if it has finished or failed, isn't wanted, or isn't one of this
    /// scheduler's.
    public func isOpen(_ task: TaskID) -> Bool { ranks[task].map { tasks[$0].isOpen } ?? false }

    /// The tasks that the worker holds, as far as the scheduler knows, ascending.
    public func leases(of worker: WorkerID) -> [TaskID] {
        (workers[worker]?.leases.keys.map { tasks[$0].id } ?? []).sorted()
    }

    /// What to do, in this order, now that the event has happened.
    ///
    /// - Parameter now: monotonic, never less than in the call before.
    public mutating func handle(_ event: Event, at now: Duration) -> [Action] {
        wake(at: now)
        if let sender = event.sender { hear(sender) }
        var actions =
            switch event {
            case .joined(let worker, let held, let limits):
                join(worker, held: held, limits: limits)
            case .heard: [Action]()
            case .started(let task, let worker): start(task, by: worker)
            case .finished(let task, let worker): finish(task, by: worker)
            case .failed(let task, let worker, let reason):
                fail(task, by: worker, reason: reason)
            case .released(let task, let worker): release(task, by: worker)
            case .dropped(let task, let worker): drop(task, by: worker)
            case .left(let worker): leave(worker)
            case .died(let worker, let reason): bury(worker, reason: reason)
            case .wanted(let tasks): want(tasks)
            case .ticked: judgeSilence()
            }
        if isAssigning { actions += feed(event.sender) }
        actions += judgeFit()
        assert(checkedInvariants())
        return actions
    }
}

extension Event {
    /// The worker whose own word this is.
    var sender: WorkerID? {
        switch self {
        case .joined(let worker, _, _), .heard(let worker), .started(_, let worker),
            .finished(_, let worker), .failed(_, let worker, _), .released(_, let worker),
            .dropped(_, let worker), .left(let worker):
            worker
        case .died, .wanted, .ticked: nil
        }
    }
}
