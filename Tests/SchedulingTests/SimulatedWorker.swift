import Scheduling

/// What a worker says.
enum Word: Hashable {
    case hello(held: [TaskID], Limits)
    case heartbeat
    case started(TaskID)
    case result(TaskID)
    case failure(TaskID)
    case release(TaskID)
    case goodbye
}

/// What a worker is told.
enum Order: Hashable {
    case heartbeat
    case whoAreYou
    case assign(TaskID)
    case acknowledge(TaskID)
    case discard(TaskID)
}

/// A worker as the protocol wants it: it solves one task at a time, can't stop one that it has
/// begun, and keeps each result until it is acknowledged.
struct SimulatedWorker {
    enum Outcome: Hashable { case result, failure }

    let id: WorkerID
    /// How many times as long as the others it takes.
    let slowness: Double
    let limits: Limits
    var session: Int
    var heardAt: Duration
    private var queue: [TaskID] = []
    private(set) var running: TaskID?
    private var isUnwanted = false
    /// In the order in which they came.
    private var kept: [(task: TaskID, outcome: Outcome)] = []

    init(id: WorkerID, slowness: Double, limits: Limits, session: Int, at now: Duration) {
        self.id = id
        self.slowness = slowness
        self.limits = limits
        self.session = session
        heardAt = now
    }

    private var held: [TaskID] { (isUnwanted ? [] : running.map { [$0] } ?? []) + queue }

    /// First the hello, then what the running task is, then the results that nobody has
    /// acknowledged.
    func introduction() -> [Word] {
        let started = isUnwanted ? [] : running.map { [Word.started($0)] } ?? []
        return [.hello(held: held, limits)] + started + kept.map { word(for: $0) }
    }

    private func word(for kept: (task: TaskID, outcome: Outcome)) -> Word {
        switch kept.outcome {
        case .result: .result(kept.task)
        case .failure: .failure(kept.task)
        }
    }

    mutating func obey(_ order: Order) -> [Word] {
        switch order {
        case .heartbeat: return []
        case .whoAreYou: return introduction()
        case .assign(let task):
            if let old = kept.first(where: { $0.task == task }) { return [word(for: old)] }
            if running == task {
                isUnwanted = false
                return [.started(task)]
            }
            if !queue.contains(task) { queue.append(task) }
            return startNext()
        case .acknowledge(let task):
            kept.removeAll { $0.task == task }
            return []
        case .discard(let task):
            queue.removeAll { $0 == task }
            kept.removeAll { $0.task == task }
            if running == task { isUnwanted = true }
            return []
        }
    }

    mutating func solve(to outcome: Outcome) -> [Word] {
        guard let task = running else { preconditionFailure("only a running task is solved") }
        running = nil
        guard !isUnwanted else {
            isUnwanted = false
            return startNext()
        }
        kept.append((task, outcome))
        return [word(for: (task, outcome))] + startNext()
    }

    private mutating func startNext() -> [Word] {
        guard running == nil, !queue.isEmpty else { return [] }
        running = queue.removeFirst()
        return [.started(running!)]
    }

    /// What it says when it is told to shut down.
    func farewell() -> [Word] { held.map { .release($0) } + [.goodbye] }
}
