import Scheduling
import Sweep

/// The part of a worker's result that is wanted, and how it was computed.
struct Received {
    /// The wanted rows, in the order of their places.
    var rows: [Row]
    /// The places of the task that are wanted and that the result doesn't have.
    var left: [Range<Int>]
    /// Wall time of the solve.
    var seconds: Double
    /// BLAS threads of the solve.
    var threads: Int
}

/// How the desk takes the messages that come in.
extension Desk {
    /// - Parameter parts: of a message: the session's name, and the encoded report.
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

    /// Rejects numbers of tasks that the sweep doesn't have: no worker can have been given such a task.
    private func check(_ tasks: [TaskID]) throws(Malformed) {
        for task in tasks where !(0..<taskCount ~= task) {
            throw Malformed(description: "a word of task \(task), of \(taskCount)")
        }
    }

    /// The report is about tasks of an earlier coordinator's sweep; the worker doesn't know this one yet.
    /// The same numbers are other tasks here, so it shows only that the worker is alive.
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
        // A task of which nothing is wanted isn't open; the scheduler then acknowledges and drops the result.
        guard let block = blocks[packed.task] else { return received }
        received.rows = try packed.rows(of: block, metrics: sweep.metrics)
        guard packed.places != block.wanted else { return received }
        let wanted = RangeSet(block.wanted)
        received.rows = zip(packed.places.joined(), received.rows)
            .filter { wanted.contains($0.0) }.map(\.1)
        received.left = Array(wanted.subtracting(RangeSet(packed.places)).ranges)
        return received
    }

    /// Takes the wanted part of a result, even if other cells were wanted when the task was given.
    private mutating func take(_ result: Received, of task: TaskID, from worker: WorkerID) {
        let isOpen = scheduler.isOpen(task)
        guard !result.left.isEmpty, isOpen else {
            if isOpen { add(result, of: task, from: worker) }
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

    /// Why a worker can't work here: it is of another build, whose numbers and messages may differ. Nil if
    /// it can.
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

    /// Warns, once for each host, that its workers have more threads than cores. Only workers that share
    /// processors are counted together.
    private mutating func warnIfCrowded(_ machine: Machine) {
        let count = sessions.neighbours(on: machine).count { scheduler.knows($0) }
        let threads = count * terms.threads
        // A job's worker may say fewer cores than its processors, since the job's other workers have the rest.
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

    /// The worker's limits. A local launcher's workers share this machine's memory evenly, less this
    /// process' copy of the table; any other worker has the memory that it says it has.
    private func limits(of machine: Machine) -> Limits {
        let isOurs = machine.host == terms.host && children.contains(machine.pid)
        let memory = Double(machine.memory)
        return Limits(
            memory: isOurs
                ? max(0, memory - sweep.tableMemory) / Double(terms.localWorkers) : memory,
            until: machine.timeLeft.map { now + $0 })
    }

    /// Gives up a worker that has sent a malformed message. Otherwise its tasks would wait for ever for
    /// results that it believes it has delivered.
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
