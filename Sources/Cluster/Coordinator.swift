import Foundation
import Logging
import Scheduling
import Sweep
import ZeroMQ

/// Hands a sweep's tasks to workers and their rows to the store: one thread, one poll loop.
public struct Coordinator: ~Copyable {
    public enum Outcome: Hashable, Sendable {
        /// Every task has ended and is stored.
        case complete
        /// The interrupt rang; everything received is stored.
        case interrupted
        /// No worker can be kept running; everything received is stored.
        case gaveUp(reason: String)
    }

    let sweep: Sweep
    let sweepDigest: String
    /// How many tasks the sweep has, those among them that have ended long ago.
    let taskCount: Int
    let blocks: [TaskID: Block]
    let threads: Int
    let incarnation = UInt64.random(in: 0 ... .max)
    let interrupt: Doorbell
    let farewell: Duration?
    let log: Logger
    let timing: Timing
    let store: ([Finished]) throws -> Void
    let progress: (Standing) -> Void
    let watch = Stopwatch()
    let host = Machine.current.host

    /// Where it listens, with the port that a wildcard has become.
    public let endpoint: String
    var gatekeeper: Gatekeeper?
    let socket: Socket
    var launcher: LocalLauncher?
    var scheduler: Scheduler
    var sessions = Sessions()
    var ledger = Ledger()
    var supply: Supply
    var tally: Tally
    /// Of children that ended before their worker was known.
    var strangers: [Int32: ChildProcess.Ending] = [:]
    var hasLoggedStranger = false
    /// Hosts whose workers have more threads than cores, which was said.
    var crowdedHosts: Set<String> = []
    var heartbeatAt = Duration.zero
    var progressAt = Duration.zero

    /// Listens at once, so that whoever is started next finds it there.
    ///
    /// - Parameters:
    ///   - endpoint: ipc, or with an identity TCP.
    ///   - identity: the keys; nil where the file system keeps strangers out.
    ///   - blocks: those of the sweep's tasks that have something wanted.
    ///   - table: the bytes of the sweep's table, with its digest; nil of a sweep that has none.
    ///     They are sent to each worker once, which needs no file then.
    ///   - threads: BLAS threads of each worker.
    ///   - launcher: starts the workers; nil if they come by themselves.
    ///   - farewell: at the end, how long to listen for workers that wait for an earlier
    ///     coordinator, and send them away; nil if there was none.
    ///   - crashLimit: workers that a task may cost before it is given up; nil means any number.
    ///   - interrupt: rings when the run is to be broken off.
    ///   - store: stores all or nothing, BEFORE it returns. What is given to it was acknowledged to
    ///     nobody. If it throws it is called again, with the same and more.
    ///   - progress: called some five times a second, and at the end.
    public init(
        sweep: Sweep, table: Data?, blocks: [Block], threads: Int, endpoint: String,
        identity: Identity? = nil, launcher: consuming LocalLauncher?, farewell: Duration? = nil,
        crashLimit: Int? = 3, timing: Timing = Timing(), interrupt: Doorbell, log: Logger,
        store: @escaping ([Finished]) throws -> Void, progress: @escaping (Standing) -> Void
    ) throws {
        precondition((table == nil) == (sweep.table == nil), "a table's bytes come with its sweep")
        let context = Context()
        let gatekeeper = try identity?.gatekeeper(in: context)
        let socket = try Self.listen(
            at: endpoint, in: context, as: identity, messageLimit: sweep.longestReport)
        self.endpoint = try socket.boundEndpoint()
        self.gatekeeper = gatekeeper
        self.socket = socket
        self.sweep = sweep
        supply = Supply(of: table)
        sweepDigest = sweep.digest
        taskCount = sweep.tasks.count
        self.blocks = Dictionary(uniqueKeysWithValues: blocks.map { ($0.number, $0) })
        self.threads = threads
        self.interrupt = interrupt
        self.farewell = farewell
        self.log = log
        self.timing = timing
        self.store = store
        self.progress = progress
        self.launcher = launcher
        tally = Tally(
            tasksTotal: blocks.count, cellsTotal: blocks.reduce(0) { $0 + $1.wantedCount })
        scheduler = Scheduler(
            needs: self.blocks.mapValues { block in
                let cost = sweep.cost(of: block)
                return Need(work: cost.work, memory: cost.memory)
            },
            // The launcher's workers all run here: none will be larger than the others.
            settings: .init(
                crashLimit: crashLimit, silence: timing.silence,
                expectsLargerWorkers: self.launcher?.pids == nil), now: watch.elapsed)
    }

    private static func listen(
        at endpoint: String, in context: Context, as identity: Identity?, messageLimit: Int
    ) throws -> Socket {
        let socket = try Socket(
            .router, in: context,
            settings: .init(
                // The last stop orders get this long to leave.
                linger: .seconds(1),
                security: identity.map { .server($0.coordinator) } ?? .localOnly,
                messageLimit: messageLimit, isMonitored: identity != nil))
        do throws(ZeroMQError) { try socket.bind(to: endpoint) } catch {
            throw identity == nil ? error : Entrance.explanation(of: error, at: endpoint)
        }
        return socket
    }

    /// Works until every task has ended, or there is a reason to break off.
    public consuming func run() throws -> Outcome {
        var outcome: Outcome?
        while outcome == nil {
            launcher?.launch(tasks: tally.tasksLeft)
            outcome = try turn()
        }
        if outcome == .complete { try awaitStragglers() }
        try finish()
        progress(standing)
        return outcome!
    }

    /// One round of the loop: wait, listen, store, judge silence.
    private mutating func turn() throws -> Outcome? {
        var items = [PollItem.socket(socket), .descriptor(interrupt.descriptor)]
        if let item = gatekeeper?.pollItem { items.append(item) }
        let ready = try poll(items, for: supply.isIdle ? Self.longestWait : .zero)
        try guardEntrance()
        let exits = launcher?.reap() ?? []
        let isDrained = try drain()
        for exit in exits { bury(exit) }
        settle()
        sendData()
        if ready[1], interrupt.answer() { return .interrupted }
        if isDrained { handle(.ticked) }
        sendHeartbeats()
        reportProgress()
        if scheduler.isFinished, ledger.isEmpty { return .complete }
        return launcher?.despair.map { .gaveUp(reason: $0) }
    }

    /// Takes what has come. Bounded, so that a flood doesn't keep results from being stored, and
    /// that a store which takes nothing doesn't fill the memory: the rest waits with the workers.
    ///
    /// - Returns: whether the socket is empty.
    private mutating func drain() throws -> Bool {
        for _ in 0..<Self.largestBatch {
            guard ledger.rowCount < Self.mostRows else { return false }
            guard let parts = try socket.receive() else { return true }
            receive(parts)
        }
        return false
    }

    /// Stores what is due and then acknowledges it.
    private mutating func settle() {
        guard ledger.isDue(at: watch.elapsed) else { return }
        do {
            let settled = try ledger.settle(at: watch.elapsed, store: store)
            for finished in settled.stored { tally.count(finished) }
            for (task, worker) in settled.acknowledgements { send(.acknowledge(task), to: worker) }
        } catch {
            log.error("the results could not be stored and will be tried again: \(error)")
        }
    }

    /// Stays until whoever waits for an earlier coordinator has had the time to come: nobody else
    /// would tell them that there is nothing left to do. Breaks off when interrupted.
    private mutating func awaitStragglers() throws {
        guard let farewell else { return }
        while watch.elapsed < farewell {
            if try turn() == .interrupted { return }
        }
    }

    /// Sends the workers away, and stores what comes in while they go.
    ///
    /// - Throws: what the store throws: there's no later time to try again.
    private mutating func finish() throws {
        for worker in sessions.peers.keys { send(.stop, to: worker) }
        launcher?.cutLifelines(except: Set(sessions.peers.values.lazy.map(\.machine.pid)))
        let deadline = watch.elapsed + Self.longestFarewell
        var isDrained = false
        while !isDrained || (!(launcher?.pids ?? []).isEmpty && watch.elapsed < deadline) {
            _ = launcher?.reap()
            _ = try poll([.socket(socket)], for: .milliseconds(10))
            isDrained = try drain()
            for finished in try ledger.settle(at: watch.elapsed, store: store).stored {
                tally.count(finished)
            }
        }
        launcher?.killAll()
    }

    static let longestWait = Duration.milliseconds(50)
    static let longestFarewell = Duration.seconds(1)
    static let largestBatch = 10_000
    static let mostRows = 200_000
}
