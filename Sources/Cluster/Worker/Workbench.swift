import Foundation
import Scheduling
import Sweep

/// Decides what a worker says and does. A value without sockets, threads and clock: events and the time go
/// in, actions come out.
struct Workbench: Sendable {
    private enum Phase {
        /// A hello was sent at that time, and no coordinator has answered it.
        case greeting(since: Duration)
        case working(incarnation: UInt64)
    }

    /// The sweep that the worker works on, with its digest and its list of tasks, which are made once.
    private struct Commission {
        let welcome: Welcome
        let digest: String
        let tasks: TaskList

        init(_ welcome: Welcome) {
            self.welcome = welcome
            digest = welcome.sweep.digest
            tasks = welcome.sweep.tasks
        }
    }

    private struct Held {
        var block: Block
        /// Whether it may not be begun together with others.
        var alone: Bool
        /// The solver has it.
        var isHandedOver = false
        var hasBegun = false

        var task: TaskID { block.number }
        var job: Action { .solve(block, alone: alone) }
    }

    private let id: WorkerID
    private let machine: Machine
    private let build: String
    private let timing: Timing
    private let limits: Worker.Limits
    private let startedAt: Duration
    private var phase: Phase
    private var commission: Commission?
    private var files = WorkerFiles()
    /// In the order in which they came. The solver has them once it has the files that they need.
    private var held: [Held] = []
    /// Results and failures that haven't been acknowledged.
    private var kept: [TaskID: Report] = [:]
    /// The number of the last assignment that has come from this coordinator.
    private var seen: UInt64 = 0
    private var now: Duration
    private var heardAt: Duration
    private var spokeAt: Duration
    /// When it last had a task.
    private var busyAt: Duration
    /// How long the coordinator may be silent until a new socket is opened; twice as long each time that a
    /// new socket brings no answer.
    private var patience: Duration

    /// The longest `patience`, as a multiple of `timing.silence`. libzmq itself tries to connect again more
    /// often; a new socket is only needed if a connection is dead and libzmq doesn't notice.
    private static let longestPatience = 6

    init(
        id: WorkerID, machine: Machine, timing: Timing, limits: Worker.Limits = .init(),
        build: String = Build.current, now: Duration
    ) {
        self.id = id
        self.build = build
        self.machine = machine
        self.timing = timing
        self.limits = limits
        self.now = now
        startedAt = now
        busyAt = now
        patience = timing.silence
        phase = .greeting(since: now)
        heardAt = now
        spokeAt = now
    }

    mutating func handle(_ event: Event, at time: Duration) -> [Action] {
        // A worker that was stopped for a while starts to count the coordinator's silence anew.
        if time - now >= timing.silence { heardAt = time }
        now = time
        switch event {
        case .connected: return greet()
        case .received(let order):
            heardAt = now
            patience = timing.silence
            return follow(order)
        case .began(let task, let digest): return digest == commission?.digest ? begin(task) : []
        case .solved(let rows): return deliver(.result(rows), of: rows.task, rows.sweepDigest)
        case .failed(let task, let digest, let reason):
            return deliver(.failure(task, of: digest, reason: reason), of: task, digest)
        case .unprepared(let digest, let reason):
            guard digest == commission?.digest else { return [] }
            return [.send(.goodbye), .end(.unprepared(reason: reason))]
        case .miscalculated(let reason): return leave(.miscalculated(reason: reason))
        case .dismissed: return leave(.dismissed)
        case .ticked: return tick()
        }
    }

    private mutating func greet() -> [Action] {
        phase = .greeting(since: now)
        heardAt = now
        spokeAt = now
        var machine = machine
        machine.timeLeft = limits.time.map { max(.zero, $0 - (now - startedAt)) }
        var hello = Hello(
            worker: id, sweepDigest: commission?.digest, held: held.map(\.task),
            finished: kept.keys.sorted(), machine: machine)
        hello.build = build
        return [.send(.hello(hello))]
    }

    private mutating func follow(_ order: Order) -> [Action] {
        switch (order, phase) {
        case (.welcome(let welcome), .greeting): return begin(under: welcome)
        case (.assign(let assignment), .working): return take(assignment)
        case (.whoAreYou, .working): return greet()
        case (.heartbeat(let incarnation), .working(let known)):
            return incarnation == known ? [] : greet()
        // A hello was sent, and its answer will come.
        case (.whoAreYou, .greeting), (.heartbeat, .greeting): return []
        // The assignment was sent before the hello, which then told that this worker doesn't hold the task.
        // The welcome answers a second hello.
        case (.assign, .greeting), (.welcome, .working): return []
        case (.acknowledge(let task), _):
            kept[task] = nil
            return []
        case (.discard(let task), _):
            kept[task] = nil
            return drop(task) ? [.cancel(task)] : []
        case (.stop, _): return [.end(.stopped)]
        case (.refuse(let reason), _): return [.end(.refused(reason: reason))]
        case (.data(let chunk), _): return take(chunk)
        }
    }

    /// Work begins or goes on. The coordinator may be another process than before, so it is told again what
    /// has begun and sent the results that are kept.
    private mutating func begin(under welcome: Welcome) -> [Action] {
        phase = .working(incarnation: welcome.incarnation)
        seen = 0
        let last = commission
        let new = Commission(welcome)
        let digest = new.digest
        commission = new
        guard last?.digest == digest else { return turn(to: welcome) }
        // Results that were computed with other threads count: the store records the threads.
        let hasOtherThreads = last?.welcome.threads != welcome.threads
        return (hasOtherThreads ? prepareAnew() : [])
            + held.filter(\.hasBegun).map { .send(.started($0.task, of: digest)) }
            + kept.sorted { $0.key < $1.key }.map { .send($0.value) }
            + askForBytes()
    }

    /// The coordinator has another sweep now, which may read some of the same files.
    private mutating func turn(to welcome: Welcome) -> [Action] {
        files.turn(to: welcome.sweep)
        return drop() + prepare() + askForBytes()
    }

    /// Forgets all tasks and results, since the coordinator has another sweep now, and says how many.
    private mutating func drop() -> [Action] {
        let dropped = held.map { Action.cancel($0.task) }
        defer { (held, kept) = ([], [:]) }
        let parts = [(held.count, "unfinished"), (kept.count, "finished")]
            .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        guard !parts.isEmpty else { return dropped }
        return dropped + [
            .say(
                "the coordinator has another sweep now; tasks of the last one are dropped "
                    + "(\(parts.joined(separator: ", ")))")
        ]
    }

    /// Has the solver begin anew: then it has no file and no task.
    private mutating func prepare() -> [Action] {
        guard let welcome = commission?.welcome else {
            preconditionFailure("only a welcomed worker prepares")
        }
        files.detachAll()
        return [.prepare(welcome.sweep, threads: welcome.threads)] + supply()
    }

    /// As `prepare`, if the solver has tasks in its queue: those that it hasn't begun are put behind the
    /// preparation.
    private mutating func prepareAnew() -> [Action] {
        var cancelled: [Action] = []
        for index in held.indices where held[index].isHandedOver && !held[index].hasBegun {
            held[index].isHandedOver = false
            cancelled.append(.cancel(held[index].task))
        }
        return cancelled + prepare()
    }

    /// Hands over the tasks whose files have come, and asks for the first file that is missing. Another one
    /// is asked for when that has come.
    private mutating func supply() -> [Action] {
        guard let sweep = commission?.welcome.sweep else { return [] }
        let isAwaiting = files.need != nil
        var actions: [Action] = []
        for index in held.indices where !held[index].isHandedOver {
            let digests = sweep.attachmentDigests(of: held[index].block)
            guard let new = files.attach(digests) else { continue }
            actions += new.map { .attach($0.bytes, digest: $0.digest) }
            held[index].isHandedOver = true
            actions.append(held[index].job)
        }
        return isAwaiting ? actions : actions + askForBytes()
    }

    /// Nothing before a welcome, as nobody would answer.
    private func askForBytes() -> [Action] {
        guard isWorking, let need = files.need else { return [] }
        return [.send(.needData(need))]
    }

    /// Takes bytes of the file, also between a hello and its answer; the next bytes are then asked for only
    /// after the welcome.
    private mutating func take(_ chunk: DataChunk) -> [Action] {
        switch files.add(chunk) {
        case .none: return []
        case .more: return askForBytes()
        case .complete: return supply()
        case .wrong:
            return [
                .send(.goodbye),
                .end(
                    .unprepared(
                        reason:
                            "the coordinator sent other bytes than the file's that was asked for")),
            ]
        }
    }

    private mutating func take(_ assignment: Assignment) -> [Action] {
        let task = assignment.task
        guard let commission else { preconditionFailure("a welcome comes with a sweep") }
        seen = max(seen, assignment.number)
        if let report = kept[task] { return [.send(report)] }
        guard !held.contains(where: { $0.task == task }) else { return [] }
        do throws(Malformed) {
            let new = Held(
                block: try assignment.block(in: commission.tasks), alone: assignment.isSuspect)
            held.append(new)
            return supply()
        } catch {
            let failure = Report.failure(task, of: commission.digest, reason: error.description)
            kept[task] = failure
            return [.send(failure)]
        }
    }

    private mutating func begin(_ task: TaskID) -> [Action] {
        guard let index = held.firstIndex(where: { $0.task == task }), let commission else {
            return []
        }
        held[index].hasBegun = true
        return isWorking ? [.send(.started(task, of: commission.digest))] : []
    }

    /// Keeps the report until it is acknowledged. A report is dropped if its task was discarded meanwhile, or
    /// belongs to an earlier sweep, since in the new one its number is another task's.
    private mutating func deliver(_ report: Report, of task: TaskID, _ digest: String) -> [Action] {
        guard digest == commission?.digest, drop(task) else { return [] }
        kept[task] = report
        return isWorking ? [.send(report)] : []
    }

    private mutating func drop(_ task: TaskID) -> Bool {
        guard let index = held.firstIndex(where: { $0.task == task }) else { return false }
        held.remove(at: index)
        return true
    }

    private func leave(_ ending: Worker.Ending) -> [Action] {
        (commission.map { commission in
            held.map { .send(.release($0.task, of: commission.digest)) }
        } ?? []) + [.send(.goodbye), .end(ending)]
    }

    private mutating func tick() -> [Action] {
        if let limit = limits.time, now - startedAt >= limit { return leave(.expired) }
        if !held.isEmpty { busyAt = now }
        if let limit = limits.idle, now - busyAt >= limit { return leave(.idle) }
        guard now - heardAt < patience else {
            if !isWorking { patience = min(patience * 2, timing.silence * Self.longestPatience) }
            heardAt = now
            return [.reconnect]
        }
        guard isWorking, let commission, now - spokeAt >= timing.heartbeat else { return [] }
        spokeAt = now
        return [
            .send(
                .heartbeat(
                    Holdings(
                        sweepDigest: commission.digest, held: held.map(\.task),
                        finished: kept.keys.sorted(), seen: seen)))
        ]
    }

    /// Whether a coordinator has answered.
    var isWorking: Bool {
        switch phase {
        case .working: true
        case .greeting: false
        }
    }
}
