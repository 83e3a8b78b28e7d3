import Scheduling
import Sweep

@testable import Cluster

/// The coordinator's side: a shell around the desk under test.
extension Simulation {
    private struct DiskIsFull: Error {}

    static func desk(
        for tasks: [TaskID: Task], crashLimit: Int, stock: Stock, incarnation: UInt64,
        at now: Duration
    ) -> Desk {
        let expectsLargerWorkers = if case .equal = stock { false } else { true }
        return Desk(
            sweep: sweep, table: nil, blocks: tasks.keys.sorted().map { sweep.tasks[$0] },
            needs: tasks.mapValues(\.need),
            terms: .init(
                threads: 1, incarnation: incarnation, host: "head",
                localWorkers: expectsLargerWorkers ? 0 : 1, crashLimit: crashLimit,
                timing: timing, reunion: incarnation > 0 ? .seconds(2) : .zero),
            log: quiet, now: now)
    }

    mutating func receive(_ bytes: [UInt8], in session: Int) {
        guard isAwake(for: .report(bytes, session: session)) else { return }
        note(.report(bytes), session: session)
        guard let report = try? Report(encoded: bytes) else {
            return complaints.append("a report can't be read")
        }
        if case .hello(let hello) = report {
            limits[hello.worker] = Limits(
                memory: Double(hello.machine.memory),
                until: hello.machine.timeLeft.map { now + $0 })
        }
        let name = Self.name(of: session)
        desk.receive([name, bytes], at: now)
        if let worker = desk.sessions.worker(behind: name) { lastReportFrom[worker] = now }
        post()
    }

    /// While the coordinator sleeps, what comes waits for it.
    private mutating func isAwake(for step: Step) -> Bool {
        guard now < asleepUntil else { return true }
        plan(step, at: asleepUntil)
        awakeSince = asleepUntil
        return false
    }

    mutating func learnOfDeath(_ pid: Int32) {
        guard isAwake(for: .death(pid)) else { return }
        note(.death(pid), session: 0)
        desk.bury(.init(pid: pid, ending: .killed(signal: 9)), at: now)
        post()
    }

    mutating func turn() {
        guard isAwake(for: .turn) else { return }
        settle()
        let before = desk.scheduler.snapshot.workers.keys
        desk.tick(at: now)
        for worker in before where !desk.scheduler.knows(worker) {
            let heard = max(lastReportFrom[worker] ?? .zero, awakeSince)
            if now - heard < Self.timing.silence { complaints.append("\(worker) isn't silent") }
        }
        checkMisfits()
        desk.sendHeartbeats(at: now)
        post()
        hasEnded = desk.isComplete
        plan(.turn, at: now + .seconds(0.5))
    }

    private mutating func settle() {
        let isFull = now < diskIsFullUntil
        var stored: [Finished] = []
        do {
            try desk.settle(at: now) { finished in
                if isFull { throw DiskIsFull() }
                stored = finished
            }
        } catch {
            return
        }
        for finished in stored { keep(finished) }
    }

    private mutating func keep(_ finished: Finished) {
        let task = finished.task
        let cells = Self.sweep.tasks[task].wanted.joined().map {
            Self.sweep.tasks[task].cellNumber(at: $0)
        }
        let failed = finished.rows.filter { $0.status == .failed }
        guard finished.rows.map(\.cell) == cells, failed.isEmpty || failed.count == cells.count
        else { return complaints.append("task \(task) is stored with other cells") }
        if let failure = failed.first { return end(task, as: .failed(reason: failure.error)) }
        guard finished.rows == rows(of: Self.sweep.tasks[task]) else {
            return complaints.append("task \(task) is stored with other values")
        }
        end(task, as: .accepted)
    }

    private mutating func end(_ task: TaskID, as ending: Ending) {
        if let old = store.updateValue(ending, forKey: task) {
            complaints.append("task \(task) ends as \(ending) after \(old)")
        }
        if case .equal(let memory) = stock, tasks[task]!.memory > memory {
            guard case .failed(let reason) = ending, reason.contains("the largest worker") else {
                return complaints.append("oversized task \(task) ends as \(ending)")
            }
            return
        }
        switch (tasks[task]!.nature, ending) {
        case (.healthy, .accepted), (.singular, .failed), (.poisonous, .failed): break
        case (.healthy, .failed), (.singular, .accepted), (.poisonous, .accepted):
            complaints.append("\(tasks[task]!.nature) task \(task) ends as \(ending)")
        }
    }

    private mutating func post() {
        for letter in desk.takeLetters() where desk.isCurrent(letter) {
            check(letter)
            let session = Self.session(of: letter.session)
            if connections[session].isCut {
                // Whether the router knows it yet.
                if generator.chance(0.5) { desk.noteUndelivered(letter) }
                continue
            }
            let bytes = letter.order.encoded()
            note(.order(bytes), session: session)
            carry(bytes, in: session)
        }
        // There is no launcher to be told.
        _ = desk.takeBeginners()
    }

    private mutating func check(_ letter: Desk.Letter) {
        switch letter.order {
        case .assign(let assignment):
            let limits = limits[letter.worker!] ?? Limits(memory: 0)
            if tasks[assignment.task]!.memory > limits.memory
                || now >= limits.until ?? .seconds(1e9)
            {
                complaints.append("task \(assignment.task) is beyond what \(limits) can do")
            }
        case .acknowledge(let task):
            if store[task] == nil { complaints.append("task \(task) is dropped") }
        case .refuse(let reason): complaints.append("a worker is refused: \(reason)")
        case .welcome, .heartbeat, .whoAreYou, .discard, .stop, .data: break
        }
    }

    /// Another coordinator takes over with what is stored.
    mutating func restart() {
        note(.restart, session: 0)
        for session in connections.indices { cut(session) }
        limits = [:]
        lastMisfit = nil
        lastReportFrom = [:]
        desk = Self.desk(
            for: tasks.filter { store[$0.key] == nil }, crashLimit: crashLimit, stock: stock,
            incarnation: desk.terms.incarnation + 1, at: now)
    }

    /// What is said of tasks that need more memory than any worker has must be so.
    private mutating func checkMisfits() {
        let snapshot = desk.scheduler.snapshot
        if snapshot.misfit != lastMisfit, snapshot.misfit != nil { misfitsSaid += 1 }
        lastMisfit = snapshot.misfit
        guard !desk.isComplete,
            let largest = snapshot.workers.keys.map({ limits[$0]!.memory }).max()
        else { return }
        let held = Set(snapshot.workers.values.flatMap { $0.running + $0.queued })
        let ended = Set(desk.ledger.unstored.map(\.task))
        let oversized = tasks.count { id, task in
            store[id] == nil && !ended.contains(id) && !held.contains(id) && task.memory > largest
        }
        let isOfMemory = lastMisfit?.reason.contains("largest worker") == true
        if isOfMemory != (oversized > 0) || isOfMemory && lastMisfit?.tasks != oversized {
            complaints.append(
                "at \(now) \(oversized) tasks are too large, not \(lastMisfit as Any)")
        }
    }

    private mutating func note(_ what: Note.What, session: Int) {
        trace.append(Note(at: now, session: session, what: what))
    }

    private static func name(of session: Int) -> Sessions.Session {
        [0, UInt8(session & 0xff), UInt8(session >> 8)]
    }

    private static func session(of name: Sessions.Session) -> Int {
        Int(name[1]) | Int(name[2]) << 8
    }
}
