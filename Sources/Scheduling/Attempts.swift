/// How a try at a task goes: started, finished, failed, handed back or crashed.
extension Scheduler {
    mutating func start(_ task: TaskID, by id: WorkerID) -> [Action] {
        guard let rank = ranks[task] else { return [] }
        if workers[id]?.leases[rank] != nil {
            workers[id]!.start(rank, cost: tasks[rank].cost, at: now)
            file(rank)
            return []
        }
        // The news of a worker's death may come before its last messages are read. This one says which
        // task it had begun: without it, a task that kills its workers at once would never be charged.
        if losses[id]?.leases[rank] == .queued, case .death(let reason)? = losses[id]?.cause {
            losses[id]!.leases[rank] = .running(since: now)
            return tasks[rank].isOpen ? crash(rank, by: id, reason: reason) : []
        }
        return []
    }

    mutating func finish(_ task: TaskID, by id: WorkerID) -> [Action] {
        guard let rank = ranks[task], tasks[rank].isOpen else { return [] }
        if case .running(let begun)? = workers[id]?.leases[rank] {
            let since = max(begun, workers[id]!.freeSince ?? begun)
            workers[id]!.speed.record(cost: tasks[rank].cost, took: now - since)
            speed.record(cost: tasks[rank].cost, took: now - since)
        }
        finishedCount += 1
        workers[id]?.finishedCount += 1
        return end(rank, as: .finished, by: id)
    }

    mutating func fail(_ task: TaskID, by id: WorkerID, reason: String) -> [Action] {
        guard let rank = ranks[task], tasks[rank].isOpen else { return [] }
        failedCount += 1
        return [.fail(task, reason: reason, by: id)] + end(rank, as: .failed, by: id)
    }

    mutating func want(_ wanted: [TaskID]) -> [Action] {
        for task in wanted {
            guard let rank = ranks[task], tasks[rank].state == .unwanted else {
                preconditionFailure("task \(task) is wanted already, or isn't one of these")
            }
            tasks[rank].state = .waiting
            wantedCount += 1
            costLeft += tasks[rank].cost
            file(rank)
        }
        return []
    }

    /// The worker hands the task back because it is being shut down. It is given no other task: it
    /// would hand that back at once.
    mutating func release(_ task: TaskID, by id: WorkerID) -> [Action] {
        guard workers[id] != nil else { return [] }
        workers[id]!.phase = .leaving
        file(id)
        if let rank = ranks[task], let lease = workers[id]!.leases[rank] {
            if isTimeUp(for: id) { learn(fromUnfinished: rank, lease) }
            takeBack(rank, from: id)
        }
        return []
    }

    /// The worker goes on with what else it has, and may be given the task again.
    mutating func drop(_ task: TaskID, by id: WorkerID) -> [Action] {
        if let rank = ranks[task], workers[id]?.leases[rank] != nil { takeBack(rank, from: id) }
        return []
    }

    /// Whether a worker is to begin the task alone, so that a crash is charged to no other task. A task
    /// that has been charged with a crash is. With a limit of one or two crashes every task is: a task
    /// may have two leases, and would fail if its neighbours crashed both workers.
    public func isSuspect(_ task: TaskID) -> Bool {
        if let limit = settings.crashLimit, limit < 3 { return true }
        return ranks[task].map { !tasks[$0].crashes.isEmpty } ?? false
    }

    /// Counts a crash against the task; the crash that reaches the limit ends the task.
    mutating func crash(_ rank: Int, by id: WorkerID, reason: String) -> [Action] {
        tasks[rank].crashes.append(.init(worker: id, reason: reason))
        file(rank)
        let count = tasks[rank].crashes.count
        guard let limit = settings.crashLimit, count >= limit else { return [] }
        failedCount += 1
        let workers = count == 1 ? "1 worker" : "\(count) workers"
        let words = "crashed \(workers); the last: \(reason)"
        return [.fail(tasks[rank].id, reason: words, by: nil)]
            + end(rank, as: .failed, by: nil)
    }

    /// Ends the task for good. Another worker that has it loses its lease at once, but may be busy with
    /// it a while longer: tasks that this worker is given in that time can be leased to others too.
    mutating func end(_ rank: Int, as ending: TaskRecord.State, by id: WorkerID?)
        -> [Action]
    {
        let holders = tasks[rank].holders
        tasks[rank].state = ending
        costLeft -= tasks[rank].cost
        for holder in holders {
            _ = workers[holder]!.remove(rank, cost: tasks[rank].cost)
            file(holder)
        }
        file(rank)
        if let id { workers[id]?.freeSince = now }
        return holders.filter { $0 != id }.map { .discard(tasks[rank].id, at: $0) }
    }
}
