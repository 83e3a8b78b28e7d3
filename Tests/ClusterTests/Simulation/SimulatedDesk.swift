import Scheduling
import Sweep

@testable import Cluster

/// The coordinator's side: a shell around the desk under test.
extension Simulation {
    private struct DiskIsFull: Error {}

    /// - Parameters:
    ///   - tasks: by seed.
    ///   - wanted: the seeds of those that are wanted from the beginning.
    ///   - store: what is at rest, and so isn't wanted.
    static func desk(
        of edition: Edition, for tasks: [Int: Task], wanted: Set<Int>,
        store: [Edition.Place: Ending],
        crashLimit: Int, stock: Stock, incarnation: UInt64, at now: Duration
    ) -> Desk {
        let expectsLargerWorkers = if case .equal = stock { false } else { true }
        var needs: [TaskID: Need] = [:]
        let blocks = tasks.keys.sorted().compactMap { seed -> Block? in
            var block = edition.block(ofSeed: seed)
            let places = (0..<4).filter { store[.init(seed: seed, place: $0)] == nil }
            needs[block.number] = places.isEmpty ? nil : tasks[seed]!.need
            block.wanted = Array(RangeSet(places.map { $0..<$0 + 1 }).ranges)
            return places.isEmpty ? nil : block
        }
        return Desk(
            sweep: edition.sweep, attachments: [:],
            blocks: blocks.filter { wanted.contains($0.seed) },
            prospects: blocks.filter { !wanted.contains($0.seed) }, needs: needs,
            terms: .init(
                threads: edition.threads, incarnation: incarnation, host: "head",
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
        if let worker = desk.sessions.worker(behind: name) { record(report, of: worker) }
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
        guard !stored.isEmpty else { return }
        let wished = Self.wanted(of: tasks, roundSize: roundSize, store: store)
        let new = wished.subtracting(wanted).filter { !hasEnded($0) }.sorted()
        wanted.formUnion(wished)
        growths += new.isEmpty ? 0 : 1
        desk.want(new.map(edition.number(ofSeed:)))
    }

    private mutating func record(_ report: Report, of worker: WorkerID) {
        guard case .result(let rows) = report, rows.sweepDigest == edition.digest else { return }
        guard wanted.contains(edition.seed(ofTask: rows.task)) else {
            early[worker, default: []].insert(rows.task)
            return
        }
        reported[worker, default: [:]][rows.task, default: []].formUnion(rows.places.joined())
    }

    private mutating func keep(_ finished: Finished) {
        var block = edition.sweep.tasks[finished.task]
        let cells = Dictionary(
            uniqueKeysWithValues: (0..<block.places.count).map { (block.cellNumber(at: $0), $0) })
        let places = finished.rows.compactMap { cells[$0.cell] }
        let failed = finished.rows.filter { $0.status == .failed }
        guard !places.isEmpty, places.count == finished.rows.count,
            failed.isEmpty || failed.count == places.count
        else { return complaints.append("seed \(block.seed) is stored with other cells") }
        if finished.isPart { parts += 1 }
        if let failure = failed.first {
            return end(block.seed, places, as: .failed(reason: failure.error))
        }
        block.wanted = places.map { $0..<$0 + 1 }
        guard finished.rows == edition.rows(of: block) else {
            return complaints.append("seed \(block.seed) is stored with other values")
        }
        guard finished.author?.threads ?? 0 > 0 else {
            return complaints.append("nobody knows the threads of seed \(block.seed)")
        }
        end(block.seed, places, as: .accepted)
    }

    private mutating func end(_ seed: Int, _ places: [Int], as ending: Ending) {
        for place in places {
            if let old = store.updateValue(ending, forKey: .init(seed: seed, place: place)) {
                complaints.append("place \(place) of seed \(seed) ends as \(ending) after \(old)")
            }
        }
        if case .equal(let memory) = stock, tasks[seed]!.memory > memory {
            guard case .failed(let reason) = ending, reason.contains("the largest worker") else {
                return complaints.append("oversized seed \(seed) ends as \(ending)")
            }
            return
        }
        let nature = nature(ofSeed: seed, revision: edition.revision)
        switch (nature, ending) {
        case (.healthy, .accepted), (.singular, .failed), (.poisonous, .failed): break
        case (.healthy, .failed), (.singular, .accepted), (.poisonous, .accepted):
            complaints.append("\(nature) seed \(seed) ends as \(ending)")
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
            if tasks[edition.seed(ofTask: assignment.task)]!.memory > limits.memory
                || now >= limits.until ?? .seconds(1e9)
            {
                complaints.append("task \(assignment.task) is beyond what \(limits) can do")
            }
        case .acknowledge(let task): checkThatAllIsStored(of: task, by: letter.worker!)
        case .refuse(let reason): complaints.append("a worker is refused: \(reason)")
        case .welcome, .heartbeat, .whoAreYou, .discard, .stop, .data: break
        }
    }

    /// What a worker may forget is at rest, but for what nobody wanted.
    private mutating func checkThatAllIsStored(of task: TaskID, by worker: WorkerID) {
        let seed = edition.seed(ofTask: task)
        guard wanted.contains(seed), early[worker]?.remove(task) == nil else { return }
        let places = reported[worker]?[task] ?? [0]
        if places.contains(where: { store[.init(seed: seed, place: $0)] == nil }) {
            complaints.append("seed \(seed) is dropped")
        }
    }

    /// Another coordinator takes over with what is stored, or what has become of it meanwhile.
    mutating func restart(_ change: (inout Simulation) -> Void = { _ in }) {
        note(.restart, session: 0)
        for session in connections.indices { cut(session) }
        change(&self)
        editions[edition.digest] = edition
        limits = [:]
        lastMisfit = nil
        lastReportFrom = [:]
        (reported, early) = ([:], [:])
        wanted = Self.wanted(of: tasks, roundSize: roundSize, store: store)
        desk = Self.desk(
            of: edition, for: tasks, wanted: wanted, store: store, crashLimit: crashLimit,
            stock: stock,
            incarnation: desk.terms.incarnation + 1, at: now)
    }

    /// Some cells that were wanted have been stored by another run, and some that were stored are gone, as
    /// from an older copy of the store.
    mutating func moveStore() {
        for seed in tasks.keys.sorted() {
            let isSound = nature(ofSeed: seed, revision: edition.revision) == .healthy
            for place in 0..<4 where isSound {
                let key = Edition.Place(seed: seed, place: place)
                switch store[key] {
                case nil where generator.chance(0.3): store[key] = .accepted
                case .accepted? where generator.chance(0.2): store[key] = nil
                case nil, .accepted?, .failed?: break
                }
            }
        }
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
        let ended = Set(desk.ledger.unstored.filter { !$0.isPart }.map(\.task))
        let oversized = tasks.count { seed, task in
            let number = edition.number(ofSeed: seed)
            return wanted.contains(seed) && !hasEnded(seed) && !ended.contains(number)
                && !held.contains(number)
                && task.memory > largest
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
