import Foundation
import Logging
import Scheduling
import ZeroMQ

/// A worker with two threads: the caller's talks to the coordinator; another solves.
public struct Worker: ~Copyable {
    /// Why a worker has ended.
    public enum Ending: Hashable, Sendable {
        /// The coordinator needs no worker any more.
        case stopped
        /// It was asked to go, and has handed its tasks back.
        case dismissed
        /// Its time limit has come; it has handed its tasks back.
        case expired
        /// It had no task for as long as `Limits.idle`.
        case idle
        /// The process that started it is gone.
        case orphaned
        /// The coordinator can't work with it.
        case refused(reason: String)
        /// It can't work on this sweep.
        case unprepared(reason: String)
        /// It has computed wrongly, and has handed its tasks back.
        case miscalculated(reason: String)
    }

    /// How a process of a worker that has computed wrongly exits, so that its launcher knows.
    public static let miscalculationStatus: Int32 = 4

    /// How long a worker stays.
    public struct Limits: Hashable, Sendable {
        /// Time from its start on; nil: for ever.
        public var time: Duration?
        /// Time without a task, whether or not the coordinator is there; nil: for ever.
        public var idle: Duration?

        public init(time: Duration? = nil, idle: Duration? = nil) {
            self.time = time
            self.idle = idle
        }
    }

    private var endpoint: String
    private var settings: Socket.Settings
    private let dismissal: Doorbell
    private let lifeline: CInt?
    private let log: Logger
    private let timing: Timing
    private let context: Context
    private let exchange: Exchange
    private let prepare: Prepare
    /// Nil if the coordinator stays at `endpoint`.
    private let scout: Scout?
    private var socket: Socket
    private var bench: Workbench
    private let watch: Stopwatch
    /// Whether this socket has been connected before.
    private var wasConnected = false
    private var isConnected = false
    private var hasWarned = false

    /// - Parameters:
    ///   - endpoint: where the coordinator listens; it need not be there yet.
    ///   - access: the keys; nil where the endpoint is ipc.
    ///   - dismissal: rings when the worker is to hand back its tasks and go.
    ///   - blas: the BLAS library and its kernels, for the store.
    ///   - build: the build that the worker says it is of; a coordinator takes only its own.
    ///   - find: returns where the coordinator is now, nil if it isn't found; called on another thread after
    ///     a silence. Nil: the coordinator stays at `endpoint`.
    ///   - lifeline: a descriptor whose end means that the parent is gone; nil if the worker
    ///     outlives its parent.
    public init(
        endpoint: String, access: AccessFile? = nil,
        find: (@Sendable () -> Whereabouts?)? = nil, dismissal: Doorbell, lifeline: CInt?,
        log: Logger, timing: Timing = Timing(), limits: Limits = Limits(), blas: String = "",
        build: String = Build.current, prepare: @escaping Prepare
    ) throws {
        let exchange = try Exchange()
        let scout = try find.map { try Scout(find: $0) }
        let context = Context()
        let settings = access?.settings ?? .init(linger: .zero, isMonitored: true)
        socket = try Self.connect(to: endpoint, settings, in: context)
        self.settings = settings
        self.scout = scout
        self.exchange = exchange
        self.context = context
        watch = Stopwatch()
        var machine = Machine.current
        machine.blas = blas
        bench = Workbench(
            id: WorkerID(high: .random(in: 0 ... .max), low: .random(in: 0 ... .max)),
            machine: machine, timing: timing, limits: limits, build: build, now: watch.elapsed)
        self.endpoint = endpoint
        self.dismissal = dismissal
        self.lifeline = lifeline
        self.log = log
        self.timing = timing
        self.prepare = prepare
    }

    /// Works until there is a reason to end.
    ///
    /// The solver's thread can't be stopped and may still be solving a task, whose result is dropped. So the
    /// process should end with `_exit`, which doesn't wait for it.
    public consuming func run() throws -> Ending {
        let exchange = exchange
        Solver(exchange: exchange, prepare: prepare).start()
        defer { exchange.close() }
        var ending = try handle(.connected)
        while ending == nil { ending = try turn() }
        switch ending! {
        case .orphaned: break
        // Linger: the time that the last messages, results among them, have to be sent.
        case .stopped, .dismissed, .expired, .idle, .refused, .unprepared, .miscalculated:
            socket.close(linger: .milliseconds(500))
        }
        return ending!
    }

    /// One round of the loop: waits, takes messages, takes the solver's events, and checks for silence.
    private mutating func turn() throws -> Ending? {
        var items = [
            PollItem.socket(socket), .descriptor(exchange.bell.descriptor),
            .descriptor(dismissal.descriptor),
        ]
        if let lifeline { items.append(.descriptor(lifeline)) }
        if let scout { items.append(.descriptor(scout.bell.descriptor)) }
        let ready = try poll(items, for: timing.heartbeat / 4)
        if let lifeline, ready[3], hasEnded(lifeline) { return .orphaned }
        if let scout, ready.last!, scout.bell.answer(), let ending = try move(scout.takeFound()) {
            return ending
        }
        // Connection events are read before messages and handled after them: a stop order that was received
        // counts before the loss of the connection that follows it.
        let events = try socket.connectionEvents()
        while let parts = try socket.receive() {
            if let ending = try receive(parts) { return ending }
        }
        for event in events {
            if let ending = try take(event) { return ending }
        }
        if ready[1], exchange.bell.answer() {
            let events = exchange.takeEvents()
            for event in events {
                if let ending = try handle(event) { return ending }
            }
            if events.contains(where: \.isBeginning) { exchange.confirmBeginning() }
        }
        if ready[2], dismissal.answer() { return try handle(.dismissed) }
        return try handle(.ticked)
    }

    /// Connects to where the coordinator was found, if that is another place and it hasn't answered meanwhile.
    private mutating func move(_ found: Whereabouts?) throws -> Ending? {
        guard let found, !bench.isWorking else { return nil }
        let settings = found.access.settings
        guard found.endpoint != endpoint || settings != self.settings else { return nil }
        log.notice("the coordinator is at \(found.endpoint) now")
        (endpoint, self.settings) = (found.endpoint, settings)
        return try connectAnew()
    }

    private mutating func connectAnew() throws -> Ending? {
        socket = try Self.connect(to: endpoint, settings, in: context)
        wasConnected = false
        return try handle(.connected)
    }

    private mutating func take(_ event: ConnectionEvent) throws -> Ending? {
        switch event {
        case .established:
            defer { (isConnected, wasConnected) = (true, true) }
            guard wasConnected else { return nil }
            log.notice("the coordinator is back")
            return try handle(.connected)
        case .lost:
            if isConnected { log.notice("the coordinator is out of reach; waiting for it") }
            isConnected = false
        case .unauthorised:
            return .refused(
                reason:
                    "the coordinator at \(endpoint) turns this worker's key away: the access file "
                    + "is not of this run")
        case .incompatible, .abandoned:
            if !hasWarned {
                log.warning("whoever listens at \(endpoint) now doesn't have the coordinator's key")
            }
            hasWarned = true
        case .unanswered: log.debug("nobody listens at \(endpoint)")
        }
        return nil
    }

    private mutating func receive(_ parts: [[UInt8]]) throws -> Ending? {
        let order: Order
        do throws(Malformed) {
            guard parts.count == 1 else { throw Malformed(description: "\(parts.count) parts") }
            order = try Order(encoded: parts[0])
        } catch {
            return .refused(reason: "the coordinator sent what can't be read: \(error)")
        }
        return try handle(.received(order))
    }

    private mutating func handle(_ event: Workbench.Event) throws -> Ending? {
        for action in bench.handle(event, at: watch.elapsed) {
            switch action {
            case .send(let report):
                // The queue is full, so the coordinator isn't reading. The report may be dropped: results and
                // beginnings are sent again after the next hello.
                if try socket.send([report.encoded()]) == nil {
                    log.warning("no room to send to the coordinator")
                }
            case .reconnect:
                log.info("no word from the coordinator; connecting anew")
                if let ending = try connectAnew() { return ending }
                scout?.start()
            case .prepare(let sweep, let threads):
                exchange.add(.prepare(sweep, threads: threads))
            case .attach(let bytes, let digest): exchange.add(.attach(bytes, digest: digest))
            case .solve(let block, let alone): exchange.add(.solve(block, alone: alone))
            case .cancel(let task): exchange.cancel(task)
            case .say(let words): log.notice("\(words)")
            case .end(let ending): return ending
            }
        }
        return nil
    }

    private static func connect(
        to endpoint: String, _ settings: Socket.Settings, in context: Context
    ) throws -> Socket {
        let socket = try Socket(.dealer, in: context, settings: settings)
        try socket.connect(to: endpoint)
        return socket
    }

    private func hasEnded(_ descriptor: CInt) -> Bool {
        var byte: UInt8 = 0
        return read(descriptor, &byte, 1) == 0
    }
}
