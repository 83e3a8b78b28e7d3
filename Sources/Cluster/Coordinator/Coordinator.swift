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

    /// Where it listens; a wildcard port is replaced by the actual one.
    public let endpoint: String
    private let interrupt: Doorbell
    private let reunion: Duration
    private let log: Logger
    private let store: ([Finished]) throws -> Void
    private let prospects: Prospects
    private let progress: (Standing) -> Void
    private let watch = Stopwatch()
    var gatekeeper: Gatekeeper?
    let socket: Socket
    private var launcher: LocalLauncher?
    private let launchedWorkers: LaunchedWorkers?
    var desk: Desk
    private var progressAt = Duration.zero
    /// Why nothing can be stored any more; nil while it can.
    private var loss: StoreLoss?
    private var checkAt = Duration.zero
    /// When it was last said that the store takes nothing; nil while it takes everything.
    private var complainedAt: Duration?

    /// Listens at once, so that a worker that is started next can connect.
    ///
    /// - Parameters:
    ///   - endpoint: ipc, or with an identity TCP.
    ///   - identity: the keys; nil where the file system keeps strangers out.
    ///   - blocks: the sweep's tasks of which at least one cell is wanted.
    ///   - prospects: those of which this may become so.
    ///   - attachments: the files that the sweep names. Each is sent once to every worker that needs it.
    ///   - threads: BLAS threads of each worker.
    ///   - launcher: starts workers here; nil if they come from elsewhere.
    ///   - launch: what starts workers elsewhere, as many as are worth it; nil if they come by
    ///     themselves.
    ///   - reunion: how long workers that wait for an earlier coordinator may take to come back; zero
    ///     if there was none. Until then no task is given out, since these workers may have finished it,
    ///     and the run doesn't end, since only this coordinator can tell them to go.
    ///   - crashLimit: how many workers a task may crash before it is given up; nil means any number.
    ///   - interrupt: rings when the run is to be broken off.
    ///   - store: stores all or nothing, BEFORE it returns: no worker has had an acknowledgement of what it
    ///     is given. If it throws it is called again later, with the same results and more; but a
    ///     `StoreLoss` ends the run. Called with no results once a second, so that a loss is found in time.
    ///   - progress: called some five times a second, and at the end.
    public init(
        sweep: Sweep, attachments: Attachments, blocks: [Block],
        prospects: Prospects = Prospects(), threads: Int, endpoint: String,
        identity: Identity? = nil, launcher: consuming LocalLauncher? = nil, launch: Launch? = nil,
        reunion: Duration = .zero, crashLimit: Int? = 3, timing: Timing = Timing(),
        interrupt: Doorbell, log: Logger,
        store: @escaping ([Finished]) throws -> Void, progress: @escaping (Standing) -> Void
    ) throws {
        let context = Context()
        let gatekeeper = try identity?.gatekeeper(in: context)
        let socket = try Self.listen(
            at: endpoint, in: context, as: identity, messageLimit: sweep.longestReport)
        self.endpoint = try socket.boundEndpoint()
        self.gatekeeper = gatekeeper
        self.socket = socket
        self.interrupt = interrupt
        self.reunion = reunion
        self.log = log
        self.store = store
        self.prospects = prospects
        self.progress = progress
        let needs = (blocks + prospects.blocks).map { block in
            let cost = sweep.cost(of: block)
            return (
                block.number, Need(work: cost.work, memory: cost.memory, round: block.seedPosition)
            )
        }
        desk = Desk(
            sweep: sweep, attachments: attachments, blocks: blocks, prospects: prospects.blocks,
            needs: Dictionary(uniqueKeysWithValues: needs),
            terms: .init(
                threads: threads, incarnation: .random(in: 0 ... .max),
                host: Machine.current.host, localWorkers: launcher?.count ?? 0,
                crashLimit: crashLimit, timing: timing, reunion: reunion),
            log: log, now: watch.elapsed)
        self.launcher = launcher
        launchedWorkers = launch.map { LaunchedWorkers($0, log: log, now: .zero) }
    }

    private static func listen(
        at endpoint: String, in context: Context, as identity: Identity?, messageLimit: Int
    ) throws -> Socket {
        let socket = try Socket(
            .router, in: context,
            settings: .init(
                // Linger: the time that the last stop orders have to be sent.
                linger: .seconds(1),
                security: identity.map { .server($0.coordinator) } ?? .localOnly,
                messageLimit: messageLimit, isMonitored: identity != nil))
        do throws(ZeroMQError) { try socket.bind(to: endpoint) } catch {
            throw identity == nil ? error : error.explained(at: endpoint)
        }
        return socket
    }

    /// Works until every task has ended, or there is a reason to break off.
    public consuming func run() throws -> Outcome {
        var outcome: Outcome?
        while outcome == nil {
            launcher?.launch(tasks: desk.tally.tasksLeft)
            outcome = try turn()
        }
        if outcome == .complete { try awaitStragglers() }
        try finish(isInterrupted: outcome == .interrupted)
        progress(standing)
        return outcome!
    }

    /// One round of the loop: wait, listen, store, judge silence.
    private mutating func turn() throws -> Outcome? {
        var items = [PollItem.descriptor(interrupt.descriptor)]
        if let item = gatekeeper?.pollItem { items.append(item) }
        // While nothing may be received the socket isn't polled: a message that waits there would keep the
        // loop spinning until the store takes something.
        if desk.hasRoom { items.append(.socket(socket)) }
        let ready = try poll(items, for: desk.supply.isIdle ? Self.longestWait : .zero)
        try guardEntrance()
        let exits = launcher?.reap() ?? []
        desk.children = Set(launcher?.pids ?? [])
        let isDrained = try drain()
        for exit in exits { desk.bury(exit, at: watch.elapsed) }
        settle()
        if loss != nil { return .gaveUp(reason: loss!.reason) }
        desk.sendData()
        post()
        if ready[0], interrupt.answer() { return .interrupted }
        if isDrained { desk.tick(at: watch.elapsed) }
        desk.sendHeartbeats(at: watch.elapsed)
        turnLaunchedWorkers()
        post()
        reportProgress()
        if desk.isComplete { return .complete }
        if let despair = launcher?.despair { return .gaveUp(reason: despair) }
        // Workers that were started by hand may do without the launcher's.
        guard desk.sessions.peers.isEmpty else { return nil }
        return launchedWorkers?.despair.map { .gaveUp(reason: $0) }
    }

    /// Takes the messages that have come, `largestBatch` at most, so that results are stored even in a flood.
    ///
    /// - Returns: whether the socket is empty.
    private mutating func drain() throws -> Bool {
        for _ in 0..<Self.largestBatch {
            guard desk.hasRoom else { return false }
            guard let parts = try socket.receive() else { return true }
            desk.receive(parts, at: watch.elapsed)
            post()
        }
        return false
    }

    private mutating func settle() {
        do {
            let hasStored = try desk.settle(at: watch.elapsed, store: store)
            if hasStored { desk.want(prospects.wanted()) }
            if complainedAt != nil, desk.ledger.isEmpty {
                log.notice("the results could be stored again")
                complainedAt = nil
            }
            guard watch.elapsed >= checkAt else { return }
            checkAt = watch.elapsed + Self.checkInterval
            try store([])
        } catch let error as StoreLoss {
            loss = error
        } catch {
            let isRecent = complainedAt.map { watch.elapsed < $0 + Self.pauseOfComplaints } ?? false
            guard !isRecent else { return }
            complainedAt = watch.elapsed
            log.error("the results could not be stored and will be tried again: \(error)")
        }
    }

    private mutating func post() {
        for pid in desk.takeBeginners() { launcher?.noteBeginning(pid: pid) }
        for letter in desk.takeLetters() where desk.isCurrent(letter) {
            do throws(ZeroMQError) {
                if try socket.send([letter.session, letter.order.encoded()]) != nil { continue }
            } catch {
                log.debug("could not send: \(error)")
            }
            desk.noteUndelivered(letter)
        }
    }

    private mutating func reportProgress() {
        guard watch.elapsed >= progressAt else { return }
        progressAt = watch.elapsed + .milliseconds(200)
        progress(standing)
    }

    private var standing: Standing {
        var standing = desk.standing
        standing.launch = launchedWorkers?.standing
        standing.cellsExpected = prospects.expected()
        return standing
    }

    private mutating func turnLaunchedWorkers() {
        for job in launchedWorkers?.turn(at: watch.elapsed, demand: { desk.demand }) ?? [] {
            desk.dismiss(job, at: watch.elapsed)
        }
    }

    /// Stays for `reunion`, so that workers that wait for an earlier coordinator come and are told that
    /// nothing is left to do: no later coordinator would tell them. Breaks off when interrupted.
    private mutating func awaitStragglers() throws {
        while watch.elapsed < reunion {
            if try turn() == .interrupted { return }
        }
    }

    /// Tells all workers to go, also those that connect meanwhile, stores the results that still come in,
    /// and has a launcher stop all its workers.
    ///
    /// - Throws: what the store throws, since there is no later time to try again.
    private mutating func finish(isInterrupted: Bool) throws {
        let begun = watch.elapsed
        var told: Set<Sessions.Session> = []
        var refusal: (any Error)?
        var isDrained = false
        launchedWorkers?.close(at: begun)
        var isExplained = !isInterrupted
        repeat {
            if !isExplained, let obstacle = launchedWorkers?.whatIsLeft,
                watch.elapsed > begun + Self.silence
            {
                isExplained = true
                log.notice("\(obstacle); Ctrl-C again leaves at once")
            }
            sendHome(except: &told)
            turnLaunchedWorkers()
            post()
            launcher?.cutLifelines(except: Set(desk.sessions.peers.values.lazy.map(\.machine.pid)))
            _ = launcher?.reap()
            var items = [PollItem.socket(socket)]
            if let item = gatekeeper?.pollItem { items.append(item) }
            _ = try poll(items, for: .milliseconds(10))
            // A worker that connects now passes the handshake and is told to go.
            try guardEntrance()
            isDrained = try drain()
            // If the store is lost, results that still come are read and dropped.
            if loss != nil { continue }
            do {
                try desk.settle(at: watch.elapsed, isLastChance: true, store: store)
                refusal = nil
            } catch { refusal = error }
        } while (!isDrained && refusal == nil && loss == nil) || isAwaited(since: begun)
        launcher?.killAll()
        launchedWorkers?.end()
        if let refusal { throw refusal }
    }

    private mutating func sendHome(except told: inout Set<Sessions.Session>) {
        for worker in desk.sessions.peers.keys {
            guard let session = desk.sessions.session(of: worker), told.insert(session).inserted
            else { continue }
            desk.send(.stop, to: worker)
        }
    }

    /// Whether workers that were told to go are still waited for.
    private mutating func isAwaited(since begun: Duration) -> Bool {
        let waited = watch.elapsed - begun
        if !(launcher?.pids ?? []).isEmpty, waited < Self.longestFarewell { return true }
        guard let launchedWorkers, !launchedWorkers.isGone else { return false }
        return waited < Self.longestDismissal
    }

    static let checkInterval = Duration.seconds(1)
    static let longestDismissal = Duration.seconds(40)
    static let longestWait = Duration.milliseconds(50)
    static let longestFarewell = Duration.seconds(1)
    /// After this time the user who interrupted the run is told what is waited for.
    static let silence = Duration.seconds(1)
    static let largestBatch = 10_000
    static let pauseOfComplaints = Duration.seconds(30)
}

/// The store is lost: what is stored from now on wouldn't be found again, so the run ends.
public struct StoreLoss: Error, Hashable, Sendable {
    public var reason: String

    public init(reason: String) { self.reason = reason }
}
