import HeapModule
import Scheduling

/// A coordinator, its workers and a network that loses, repeats, delays and cuts, all from a seed.
///
/// A connection keeps its order and loses nothing until it is cut, as TCP's do; then each message
/// on its way may still arrive, after those of the next connection.
struct Simulation {
    enum Nature { case healthy, singular, poisonous }

    enum Step {
        case word(Word, from: WorkerID, session: Int)
        case order(Order, to: WorkerID, session: Int)
        case beat(WorkerID)
        case solved(WorkerID, TaskID)
        case poisoned(WorkerID, TaskID)
        case death(WorkerID)
        case spawn
        case tick
        case trouble(Trouble)
        case deadline(WorkerID)
    }

    enum Trouble: CaseIterable {
        case cut, slowWords, slowOrders, kill, shutDown, oversleep, restart
    }

    struct Entry: Comparable {
        var at: Duration
        var number: Int
        var step: Step
        static func < (a: Entry, b: Entry) -> Bool { (a.at, a.number) < (b.at, b.number) }
        static func == (a: Entry, b: Entry) -> Bool { a.number == b.number }
    }

    struct Connection {
        var worker: WorkerID
        var isCut = false
        var wordDelay = Duration.zero
        var orderDelay = Duration.zero
        var lastWord = Duration.zero
        var lastOrder = Duration.zero
    }

    struct Task {
        var nature: Nature
        var cost: Double
        var duration: Duration
        /// Bytes.
        var memory = 0.0

        var need: Need { Need(work: cost, memory: memory) }
    }

    /// What the workers that are started have.
    enum Stock {
        case unlimited
        /// Some of memory, some a time to go; from then on all that any task needs.
        case limited(until: Duration)
        /// All the same memory in bytes, and never more.
        case equal(Double)
    }

    /// What has become of a task, at rest: it outlives the coordinator.
    enum Ending: Hashable { case accepted, failed(reason: String) }

    /// What the scheduler was told, and what it made of that.
    struct Decision: Hashable, CustomStringConvertible {
        var at: Duration
        var event: Event
        var actions: [Action]
        var description: String { "\n\(at): \(event) -> \(actions)" }
    }

    static let silence = Duration.seconds(5)
    static let patience = Duration.seconds(1000)

    var generator: SeededGenerator
    var now = Duration.zero
    var agenda = Heap<Entry>()
    var entries = 0
    let tasks: [TaskID: Task]
    let settings: Scheduler.Settings
    let stock: Stock

    var scheduler: Scheduler
    var store: [TaskID: Ending] = [:]
    var newest: [WorkerID: Int] = [:]
    var lastWordFrom: [WorkerID: Duration] = [:]
    var asleepUntil = Duration.zero
    var awakeSince = Duration.zero
    var hasEnded = false
    /// Of the workers that have said hello to this coordinator.
    var limits: [WorkerID: Limits] = [:]
    var lastMisfit: Misfit?
    var misfitsSaid = 0

    var workers: [WorkerID: SimulatedWorker] = [:]
    var connections: [Connection] = []
    var spawned = 0
    /// Workers that each poisonous task has killed.
    var victims: [TaskID: Int] = [:]
    /// Broken promises.
    var complaints: [String] = []
    var trace: [Decision] = []

    init(
        tasks: [TaskID: Task], workers: Int, troubles: [(Duration, Trouble)],
        crashLimit: Int, stock: Stock = .unlimited, generator: SeededGenerator
    ) {
        self.tasks = tasks
        self.generator = generator
        self.stock = stock
        let expectsLargerWorkers = if case .equal = stock { false } else { true }
        settings = Scheduler.Settings(
            crashLimit: crashLimit, silence: Self.silence,
            expectsLargerWorkers: expectsLargerWorkers)
        scheduler = Scheduler(needs: tasks.mapValues(\.need), settings: settings, now: .zero)
        if case .limited(let until) = stock { plan(.spawn, at: until) }
        for _ in 0..<workers { plan(.spawn, at: self.generator.seconds(0...2)) }
        for (time, trouble) in troubles { plan(.trouble(trouble), at: time) }
        plan(.tick, at: .zero)
    }

    mutating func plan(_ step: Step, at time: Duration) {
        entries += 1
        agenda.insert(Entry(at: time, number: entries, step: step))
    }

    /// Runs until the scheduler says the end, or for too long.
    mutating func run() {
        while !hasEnded, now < Self.patience, let entry = agenda.popMin() {
            now = entry.at
            perform(entry.step)
        }
        if !hasEnded { complaints.append("hangs: \(scheduler.snapshot)") }
        for id in tasks.keys where store[id] == nil {
            complaints.append("task \(id) has not ended")
        }
    }

    private mutating func perform(_ step: Step) {
        switch step {
        case .word(let word, let worker, let session):
            if connections[session].isCut, generator.chance(0.5) { return }
            receive(word, from: worker, session: session)
        case .order(let order, let worker, let session):
            guard workers[worker]?.session == session, !connections[session].isCut else { return }
            workers[worker]!.heardAt = now
            say(workers[worker]!.obey(order), by: worker)
        case .beat(let worker): beat(worker)
        case .solved(let worker, let task):
            guard workers[worker]?.running == task else { return }
            let isSingular = tasks[task]!.nature == .singular
            say(workers[worker]!.solve(to: isSingular ? .failure : .result), by: worker)
        case .poisoned(let worker, let task):
            guard workers[worker] != nil else { return }
            victims[task, default: 0] += 1
            kill(worker)
        case .death(let worker): learnOfDeath(worker)
        case .spawn: spawn()
        case .tick: tick()
        case .trouble(let trouble): befall(trouble)
        case .deadline(let worker): if workers[worker] != nil { shutDown(worker) }
        }
    }
}
