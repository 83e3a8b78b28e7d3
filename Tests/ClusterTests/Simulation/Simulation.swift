import HeapModule
import Scheduling
import Seeded
import Sweep

@testable import Cluster

/// A coordinator's desk, workers' workbenches and a network that loses, repeats, delays and cuts,
/// all from a seed. Everything that is said travels as the bytes that a socket would carry.
///
/// A connection keeps its order and loses nothing until it is cut, as TCP's do; then each message
/// on its way may still arrive, after those of the next connection.
struct Simulation {
    enum Nature { case healthy, singular, poisonous }

    enum Step {
        case report([UInt8], session: Int)
        case order([UInt8], session: Int)
        /// The worker's loop turns.
        case pulse(Int32)
        /// By the job's number.
        case solved(Int32, Int)
        case poisoned(Int32, Int)
        /// The launcher learns of it.
        case death(Int32)
        /// ZeroMQ has connected the worker anew.
        case reconnected(Int32)
        case spawn
        /// The coordinator's loop turns.
        case turn
        case trouble(Trouble)
    }

    enum Trouble: CaseIterable {
        case cut, slowReports, slowOrders, kill, shutDown, oversleep, fullDisk
        case restart
        /// Of another coordinator: with other threads; with a seed more; with other settings; and with
        /// a store in which another run has stored some cells and which lacks others.
        case restartWithThreads, restartWithSeed, restartMended, restartElsewhere
    }

    struct Entry: Comparable {
        var at: Duration
        var number: Int
        var step: Step
        static func < (a: Entry, b: Entry) -> Bool { (a.at, a.number) < (b.at, b.number) }
        static func == (a: Entry, b: Entry) -> Bool { a.number == b.number }
    }

    struct Connection {
        var worker: Int32
        var isCut = false
        var reportDelay = Duration.zero
        var orderDelay = Duration.zero
        var lastReport = Duration.zero
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

    static let timing = Timing(heartbeat: .seconds(1), silence: .seconds(5))
    static let patience = Duration.seconds(1000)

    var generator: SeededGenerator
    var now = Duration.zero
    var agenda = Heap<Entry>()
    var entries = 0
    /// By seed.
    let tasks: [Int: Task]
    var edition = Edition()
    /// All that there were, by digest.
    var editions: [String: Edition] = [:]
    let crashLimit: Int
    let stock: Stock
    /// Of so many tasks, in the order of their seeds, the next are wanted only once those before have ended.
    let roundSize: Int
    /// The seeds whose tasks this coordinator wants.
    var wanted: Set<Int>

    var desk: Desk
    var store: [Edition.Place: Ending] = [:]
    /// Places of the results that each worker has sent under the sweep's digest, by worker and task.
    var reported: [WorkerID: [TaskID: Set<Int>]] = [:]
    /// Results that a worker has sent before their task was wanted: they are dropped.
    var early: [WorkerID: Set<TaskID>] = [:]
    /// When the coordinator last heard the worker.
    var lastReportFrom: [WorkerID: Duration] = [:]
    var asleepUntil = Duration.zero
    var awakeSince = Duration.zero
    var diskIsFullUntil = Duration.zero
    var hasEnded = false
    /// Of the workers that have said hello to this coordinator.
    var limits: [WorkerID: Limits] = [:]
    var lastMisfit: Misfit?
    var misfitsSaid = 0
    /// How often what was stored asked for more tasks.
    var growths = 0

    /// By process number.
    var workers: [Int32: SimulatedWorker] = [:]
    var connections: [Connection] = []
    var spawned: Int32 = 0
    /// Workers that each poisonous task has killed, by seed.
    var victims: [Int: Int] = [:]
    /// Results of which a part counted, and tasks that were solved when another sweep was there already.
    var parts = 0
    var lateSolves = 0
    /// Broken promises.
    var complaints: [String] = []
    var trace: [Note] = []

    init(
        tasks: [Int: Task], workers: Int, troubles: [(Duration, Trouble)],
        crashLimit: Int, stock: Stock = .unlimited, roundSize: Int = .max,
        generator: SeededGenerator
    ) {
        self.tasks = tasks
        self.generator = generator
        self.stock = stock
        self.crashLimit = crashLimit
        self.roundSize = roundSize
        wanted = Self.wanted(of: tasks, roundSize: roundSize, store: [:])
        editions[edition.digest] = edition
        desk = Self.desk(
            of: edition, for: tasks, wanted: wanted, store: [:], crashLimit: crashLimit,
            stock: stock,
            incarnation: 0, at: .zero)
        if case .limited(let until) = stock { plan(.spawn, at: until) }
        for _ in 0..<workers { plan(.spawn, at: self.generator.seconds(0...2)) }
        for (time, trouble) in troubles { plan(.trouble(trouble), at: time) }
        plan(.turn, at: .zero)
    }

    mutating func plan(_ step: Step, at time: Duration) {
        entries += 1
        agenda.insert(Entry(at: time, number: entries, step: step))
    }

    /// Runs until everything is stored, or for too long.
    mutating func run() {
        while !hasEnded, now < Self.patience, let entry = agenda.popMin() {
            now = entry.at
            perform(entry.step)
        }
        if !hasEnded { complaints.append("hangs: \(desk.standing)") }
        for seed in tasks.keys where !hasEnded(seed) {
            complaints.append("seed \(seed) has not ended")
        }
    }

    /// Whether every cell of the seed is at rest.
    func hasEnded(_ seed: Int) -> Bool { Self.hasEnded(seed, in: store) }

    private static func hasEnded(_ seed: Int, in store: [Edition.Place: Ending]) -> Bool {
        (0..<4).allSatisfy { store[.init(seed: seed, place: $0)] != nil }
    }

    /// The seeds whose tasks what is stored asks for.
    static func wanted(
        of tasks: [Int: Task], roundSize: Int, store: [Edition.Place: Ending]
    ) -> Set<Int> {
        let seeds = tasks.keys.sorted()
        let unfinished = seeds.firstIndex { !hasEnded($0, in: store) } ?? seeds.count
        guard roundSize < seeds.count else { return Set(seeds) }
        return Set(seeds.prefix((unfinished / roundSize + 1) * roundSize))
    }

    /// What the seed's task is under the present sweep.
    func nature(ofSeed seed: Int, revision: Int) -> Nature {
        let nature = tasks[seed]?.nature ?? .healthy
        return nature == .singular && revision > 0 ? .healthy : nature
    }

    private mutating func perform(_ step: Step) {
        switch step {
        case .report(let bytes, let session):
            if connections[session].isCut, generator.chance(0.5) { return }
            receive(bytes, in: session)
        case .order(let bytes, let session):
            guard workers[connections[session].worker]?.session == session,
                !connections[session].isCut
            else { return }
            deliver(bytes, to: connections[session].worker)
        case .pulse(let pid): pulse(pid)
        case .solved(let pid, let job): solve(job, by: pid)
        case .poisoned(let pid, let job):
            guard let begun = workers[pid]?.begun.first, begun.number == job else { return }
            victims[begun.block.seed, default: 0] += 1
            kill(pid)
        case .death(let pid): learnOfDeath(pid)
        case .reconnected(let pid): reconnect(pid)
        case .spawn: spawn()
        case .turn: turn()
        case .trouble(let trouble): befall(trouble)
        }
    }
}

extension Simulation {
    /// What was said, or done to the coordinator, and when.
    struct Note: Hashable, CustomStringConvertible {
        enum What: Hashable {
            case report([UInt8]), order([UInt8])
            case death(Int32)
            case restart
        }

        var at: Duration
        /// Of reports and orders.
        var session: Int
        var what: What

        var description: String {
            let text =
                switch what {
                case .report(let bytes):
                    (try? Report(encoded: bytes)).map { "> \($0)" } ?? "> junk"
                case .order(let bytes): name(of: bytes)
                case .death(let pid): "process \(pid) has died"
                case .restart: "another coordinator takes over"
                }
            return "\n\(at) \(session) \(text)"
        }

        /// A welcome holds a whole sweep, which nobody wants to read.
        private func name(of order: [UInt8]) -> String {
            guard let order = try? Order(encoded: order) else { return "< junk" }
            if case .welcome(let welcome) = order { return "< welcome \(welcome.incarnation)" }
            return "< \(order)"
        }
    }
}
