import Scheduling

/// The coordinator's side: a shell around the scheduler under test.
extension Simulation {
    mutating func receive(_ word: Word, from worker: WorkerID, session: Int) {
        guard isAwake(for: .word(word, from: worker, session: session)) else { return }
        let isNewest = session >= newest[worker] ?? session
        switch word {
        case .result, .failure: break
        case .hello, .heartbeat, .started, .release, .goodbye:
            guard isNewest else { return }
        }
        if isNewest { newest[worker] = session }
        lastWordFrom[worker] = now
        switch word {
        case .hello(let held, let limits):
            self.limits[worker] = limits
            handle(.joined(worker, held: held, limits: limits))
        case .heartbeat: handle(.heard(worker))
        case .started(let task): handle(.started(task, by: worker))
        case .result(let task): handle(.finished(task, by: worker))
        case .failure(let task): handle(.failed(task, by: worker, reason: "singular"))
        case .release(let task): handle(.released(task, by: worker))
        case .goodbye: handle(.left(worker))
        }
        if case .failure(let task) = word { send(.acknowledge(task), to: worker) }
        if word != .goodbye, !scheduler.knows(worker) { send(.whoAreYou, to: worker) }
    }

    /// While the coordinator sleeps, what comes waits for it.
    private mutating func isAwake(for step: Step) -> Bool {
        guard now < asleepUntil else { return true }
        plan(step, at: asleepUntil)
        awakeSince = asleepUntil
        return false
    }

    mutating func learnOfDeath(_ worker: WorkerID) {
        guard isAwake(for: .death(worker)) else { return }
        handle(.died(worker, reason: "killed"))
    }

    mutating func tick() {
        guard isAwake(for: .tick) else { return }
        for worker in newest.keys.sorted() { send(.heartbeat, to: worker) }
        handle(.ticked)
        checkMisfits()
        plan(.tick, at: now + .seconds(0.5))
    }

    /// Another coordinator takes over with what is stored.
    mutating func restart() {
        for session in connections.indices { connections[session].isCut = true }
        newest = [:]
        limits = [:]
        lastMisfit = nil
        lastWordFrom = [:]
        let unfinished = tasks.filter { store[$0.key] == nil }
        scheduler = Scheduler(
            needs: unfinished.mapValues(\.need), settings: settings, now: now)
    }

    private mutating func handle(_ event: Event) {
        guard !hasEnded else { return }
        let actions = scheduler.handle(event, at: now)
        trace.append(Decision(at: now, event: event, actions: actions))
        for action in actions { perform(action) }
    }

    private mutating func perform(_ action: Action) {
        if hasEnded { complaints.append("\(action) comes after the end") }
        switch action {
        case .assign(let task, let worker):
            let limits = limits[worker] ?? Limits(memory: 0)
            if tasks[task]!.memory > limits.memory || now >= limits.until ?? .seconds(1e9) {
                complaints.append("task \(task) is beyond what \(worker) can do: \(limits)")
            }
            send(.assign(task), to: worker)
        case .accept(let task, let worker):
            end(task, as: .accepted)
            send(.acknowledge(task), to: worker)
        case .acknowledge(let task, let worker):
            if store[task] == nil { complaints.append("task \(task) is dropped") }
            send(.acknowledge(task), to: worker)
        case .discard(let task, let worker): send(.discard(task), to: worker)
        case .fail(let task, let reason): end(task, as: .failed(reason: reason))
        case .suspect(let worker):
            let heard = max(lastWordFrom[worker] ?? .zero, awakeSince)
            if now - heard < Self.silence { complaints.append("\(worker) isn't silent") }
        case .misfit(let misfit):
            if misfit == lastMisfit { complaints.append("\(action) is said twice") }
            lastMisfit = misfit
            misfitsSaid += 1
        case .end: hasEnded = true
        }
    }

    /// What was last said of tasks that need more memory than any worker has must be so.
    private mutating func checkMisfits() {
        let snapshot = scheduler.snapshot
        guard !hasEnded, let largest = snapshot.workers.keys.map({ limits[$0]!.memory }).max()
        else { return }
        let held = Set(snapshot.workers.values.flatMap { $0.running + $0.queued })
        let oversized = tasks.count { id, task in
            store[id] == nil && !held.contains(id) && task.memory > largest
        }
        let isOfMemory = lastMisfit?.reason.contains("largest worker") == true
        if isOfMemory != (oversized > 0) || isOfMemory && lastMisfit?.tasks != oversized {
            complaints.append(
                "at \(now) \(oversized) tasks are too large, not \(lastMisfit as Any)")
        }
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
}
