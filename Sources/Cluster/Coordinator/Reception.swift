import Scheduling
import Sweep

/// What is wanted of a result, and who made it how.
struct Received {
    /// In the order of their places.
    var rows: [Row]
    /// The places of the task that are wanted and not among them.
    var left: [Range<Int>]
    /// Wall time of the solve.
    var seconds: Double
    /// BLAS threads of the solve.
    var threads: Int
}

/// What the desk makes of that which comes in.
extension Desk {
    /// A message: the session's name, and what it says.
    mutating func receive(_ parts: [[UInt8]], at time: Duration) {
        now = time
        let session = parts[0]
        do throws(Malformed) {
            guard parts.count == 2 else { throw Malformed(description: "\(parts.count) parts") }
            try take(try Report(encoded: parts[1]), from: session)
        } catch {
            reject(session, because: error)
        }
    }

    private mutating func take(_ report: Report, from session: Sessions.Session) throws(Malformed) {
        if case .hello(let hello) = report { return try welcome(hello, in: session) }
        guard let worker = sessions.worker(behind: session) else {
            return send(.whoAreYou, in: session)
        }
        if let digest = report.sweepDigest, digest != sweepDigest {
            return drop(report, from: worker)
        }
        try check(report.tasks)
        if case .result(let packed) = report {
            // Unpacked before anything else is done: a message that can't be read has no effect.
            let result = try received(packed)
            askForHello(worker)
            return take(result, of: packed.task, from: worker)
        }
        askForHello(worker)
        switch report {
        case .hello, .result: preconditionFailure("answered above")
        case .heartbeat(let holdings):
            handle(.heard(worker))
            compare(holdings, of: worker)
        case .started(let task, _):
            noteBeginning(of: worker)
            handle(.started(task, by: worker))
        case .failure(let task, _, let reason):
            ledger.acknowledge(task, to: worker)
            handle(.failed(task, by: worker, reason: reason))
        case .release(let task, _): handle(.released(task, by: worker))
        case .goodbye:
            handle(.left(worker))
            noteDeparture(of: worker, because: "left in order")
            sessions.remove(worker)
        case .needData(let need):
            handle(.heard(worker))
            try note(need, of: worker)
        }
    }

    /// A worker speaks only of tasks that it was given.
    private func check(_ tasks: [TaskID]) throws(Malformed) {
        for task in tasks where !(0..<taskCount ~= task) {
            throw Malformed(description: "a word of task \(task), of \(taskCount)")
        }
    }

    /// A word from before another sweep came: the worker can't know of it, or not yet. What it means
    /// here nobody knows, but that the worker is alive.
    private mutating func drop(_ report: Report, from worker: WorkerID) {
        log.debug("a word of another sweep was dropped", metadata: ["worker": "\(worker)"])
        askForHello(worker)
        handle(.heard(worker))
    }

    /// A worker that was given up, or never said hello, is given nothing before it says what it holds.
    private mutating func askForHello(_ worker: WorkerID) {
        if !scheduler.knows(worker) { send(.whoAreYou, to: worker) }
    }

    /// Takes back what the worker doesn't hold any more, though it was given it and has brought no
    /// result: an order or a report was lost, and nobody else would find out.
    private mutating func compare(_ holdings: Holdings, of worker: WorkerID) {
        let leases = scheduler.leases(of: worker)
        sessions.keepNumbers(of: leases, by: worker)
        let (held, finished) = (Set(holdings.held), Set(holdings.finished))
        var mustRepeat = false
        for task in leases
        where !held.contains(task) && sessions.knows(worker, of: task, seen: holdings.seen) {
            // Messages keep their order, so its result was lost; it sends kept results again after a hello.
            if finished.contains(task) {
                mustRepeat = true
            } else {
                log.notice(
                    "task \(task) is given anew: its worker doesn't hold it any more",
                    metadata: ["worker": "\(worker)"])
                handle(.dropped(task, by: worker))
            }
        }
        if mustRepeat { send(.whoAreYou, to: worker) }
    }

    /// What of a result is wanted.
    private func received(_ packed: PackedRows) throws(Malformed) -> Received {
        var received = Received(
            rows: [], left: [], seconds: packed.seconds, threads: packed.threads)
        // A task of which nothing is wanted has ended; the scheduler then acknowledges and drops the result.
        guard let block = blocks[packed.task] else { return received }
        received.rows = try packed.rows(of: block, metrics: sweep.metrics)
        guard packed.places != block.wanted else { return received }
        let wanted = RangeSet(block.wanted)
        received.rows = zip(packed.places.joined(), received.rows)
            .filter { wanted.contains($0.0) }.map(\.1)
        received.left = Array(wanted.subtracting(RangeSet(packed.places)).ranges)
        return received
    }

    /// What is wanted of a result counts, whatever was wanted when its task was given.
    private mutating func take(_ result: Received, of task: TaskID, from worker: WorkerID) {
        let hasEnded = scheduler.hasEnded(task)
        guard !result.left.isEmpty, !hasEnded else {
            if !hasEnded { add(result, of: task, from: worker) }
            ledger.acknowledge(task, to: worker)
            return handle(.finished(task, by: worker))
        }
        handle(.heard(worker))
        // The result came a second time, after what is left of the task was given to this worker again.
        if result.rows.isEmpty, sessions.wasGiven(task, to: worker) { return }
        if !result.rows.isEmpty { add(result, of: task, from: worker, isPart: true) }
        blocks[task]!.wanted = result.left
        ledger.acknowledge(partOf: task, to: worker)
    }

    private mutating func welcome(_ hello: Hello, in session: Sessions.Session) throws(Malformed) {
        if let obstacle = Self.obstacle(to: hello) {
            log.warning(
                "a worker of another build was refused",
                metadata: ["host": "\(hello.machine.host)", "why": "\(obstacle)"])
            return send(.refuse(reason: obstacle), in: session)
        }
        // Kept results follow the hello at once, so their tasks count as held until then.
        let held = hello.sweepDigest == sweepDigest ? hello.held + hello.finished : []
        try check(held)
        let worker = hello.worker
        sessions.open(session, for: worker, on: hello.machine)
        tally.noteArrival(of: worker, at: now)
        note(hello.machine)
        log.debug(
            "a worker came",
            metadata: [
                "worker": "\(worker)", "host": "\(hello.machine.host)",
                "pid": "\(hello.machine.pid)",
            ])
        send(
            .welcome(
                Welcome(sweep: sweep, threads: terms.threads, incarnation: terms.incarnation)),
            to: worker)
        handle(.joined(worker, held: held, limits: limits(of: hello.machine)))
        warnIfCrowded(hello.machine)
        if hello.machine.host == terms.host, !children.contains(hello.machine.pid),
            let ending = orphans.removeValue(forKey: hello.machine.pid)
        {
            _ = sessions.noteEnd(host: terms.host, pid: hello.machine.pid)
            noteDeparture(of: worker, because: "\(ending)")
            handle(.died(worker, reason: "\(ending)"))
        }
    }

    /// Why a worker can't work here: it is another kdsweep, whose numbers and words may differ.
    private static func obstacle(to hello: Hello) -> String? {
        if hello.version == Hello.version, hello.build == Build.current { return nil }
        let theirs = hello.build.isEmpty ? "of an older version" : hello.build
        var reason = "the coordinator is kdsweep \(Build.current), the worker kdsweep \(theirs)"
        if hello.version != Hello.version {
            reason +=
                "; they speak versions \(Hello.version) and \(hello.version) of the protocol"
        }
        return reason + ". Start both from one installation"
    }

    /// Says once of a host that its workers have more threads than there are cores for them. Workers
    /// that are bound to processors of their own don't get in each other's way.
    private mutating func warnIfCrowded(_ machine: Machine) {
        let count = sessions.neighbours(on: machine).count { scheduler.knows($0) }
        let threads = count * terms.threads
        // Workers of jobs have cores of their own; others share the machine's.
        let cores = max(machine.cores, Cores.number(in: machine.processors) ?? 0)
        guard threads > cores, crowdedHosts.insert(machine.host).inserted else {
            return
        }
        log.warning(
            """
            the workers on \(machine.host) have \(threads) threads for \(cores) cores; \
            fewer workers there, or fewer threads each, would be faster
            """)
    }

    /// A local launcher's workers share their host's memory evenly, but for the table that this process
    /// has in it too; any other has what it says.
    private func limits(of machine: Machine) -> Limits {
        let isOurs = machine.host == terms.host && children.contains(machine.pid)
        let memory = Double(machine.memory)
        return Limits(
            memory: isOurs
                ? max(0, memory - sweep.tableMemory) / Double(terms.localWorkers) : memory,
            until: machine.timeLeft.map { now + $0 })
    }

    /// A worker that sends what no worker would send is given up, lest its tasks wait for ever for
    /// results that it thinks it has delivered.
    private mutating func reject(_ session: Sessions.Session, because fault: Malformed) {
        tally.malformed += 1
        let reason = "malformed message: \(fault)"
        send(.refuse(reason: reason), in: session)
        guard let worker = sessions.worker(behind: session) else {
            if !hasLoggedJunk { log.warning("from a stranger, a \(reason)") }
            hasLoggedJunk = true
            return
        }
        log.warning("a worker is given up", metadata: ["worker": "\(worker)", "why": "\(reason)"])
        noteDeparture(of: worker, because: reason)
        handle(.died(worker, reason: reason))
        sessions.cut(worker)
    }
}
