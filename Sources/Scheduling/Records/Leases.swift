/// Giving leases and taking them back.
extension Scheduler {
    /// Assigns waiting tasks: first to idle workers, then to those that hold one task, then to the
    /// sender of this event as many as it should have in hand. An idle worker that can do none of the
    /// waiting tasks gets a second lease on a task that another worker has.
    mutating func feed(_ sender: WorkerID?) -> [Action] {
        var actions: [Action] = []
        for held in hungry.indices {
            while let hunger = hungry[held].first(), waiting.contains(below: hunger.classLimit) {
                if let rank = firstWaiting(for: hunger.worker) {
                    actions.append(assign(rank, to: hunger.worker))
                } else {
                    rest(hunger.worker)
                }
            }
        }
        if let sender {
            while wantsMore(sender), let rank = firstWaiting(for: sender) {
                actions.append(assign(rank, to: sender))
            }
        }
        while let hunger = hungry[0].first(), hasCandidate(below: hunger.classLimit) {
            if let rank = firstCandidate(for: hunger.worker) {
                actions.append(assign(rank, to: hunger.worker))
            } else {
                rest(hunger.worker)
            }
        }
        return actions
    }

    private mutating func rest(_ id: WorkerID) {
        workers[id]!.isResting = true
        file(id)
    }

    /// Whether the worker's queue holds less work than `inHand`, and the worker no more tasks than its
    /// even share of those that wait, so that enough are left for the others.
    private func wantsMore(_ id: WorkerID) -> Bool {
        guard let worker = workers[id], let secondsPerCost = speed(of: worker).secondsPerCost else {
            return false
        }
        switch worker.phase {
        case .leaving: return false
        case .working:
            // Each task counts at least 0.1 ms, which its messages take: otherwise tasks too short to be
            // measured would look like no work at all, and a worker would be given too many.
            let queued = max(
                worker.queuedCost * secondsPerCost, Double(worker.queuedCount) * 0.0001)
            return queued < settings.inHand / .seconds(1)
                && worker.leases.count <= waiting.count / workers.count
        }
    }

    /// The worker's own speed, or all workers' until it is known.
    func speed(of worker: WorkerRecord) -> Speed {
        worker.speed.secondsPerCost == nil ? speed : worker.speed
    }

    private mutating func assign(_ rank: Int, to id: WorkerID) -> Action {
        attempts += 1
        lease(rank, to: id)
        return .assign(tasks[rank].id, to: id)
    }

    mutating func lease(_ rank: Int, to id: WorkerID) {
        switch tasks[rank].state {
        case .waiting: tasks[rank].state = .leased(id)
        case .leased(let first): tasks[rank].state = .leasedTwice(first, id)
        case .leasedTwice: preconditionFailure("a task has two leases at most")
        case .unwanted, .finished, .failed:
            preconditionFailure("a task that nobody is to do isn't leased")
        }
        workers[id]!.add(rank, cost: tasks[rank].cost)
        file(rank)
        file(id)
    }

    /// The worker's lease ends without a result. If no other worker has the task, it waits again.
    mutating func takeBack(_ rank: Int, from id: WorkerID) {
        switch tasks[rank].state {
        case .leased(id): tasks[rank].state = .waiting
        case .leasedTwice(let first, let second):
            precondition(first == id || second == id, "only a holder's lease is taken back")
            tasks[rank].state = .leased(first == id ? second : first)
        case .leased: preconditionFailure("only a holder's lease is taken back")
        case .unwanted, .waiting, .finished, .failed:
            preconditionFailure("there is no lease to take back")
        }
        _ = workers[id]!.remove(rank, cost: tasks[rank].cost)
        file(rank)
        file(id)
    }

    /// Puts the task where its state belongs: among those that wait, those that may be leased a
    /// second time, or neither. Called after each change of its state, start or crashes.
    mutating func file(_ rank: Int) {
        var candidate: Candidate?
        switch tasks[rank].state {
        case .waiting: waiting.insert(rank, memoryClass: tasks[rank].memoryClass)
        case .leased(let holder):
            waiting.remove(rank)
            if tasks[rank].crashes.isEmpty {
                candidate = Candidate(since: since(rank, holder), rank: rank)
            }
        case .unwanted, .leasedTwice, .finished, .failed: waiting.remove(rank)
        }
        guard candidate != tasks[rank].candidate else { return }
        let memoryClass = tasks[rank].memoryClass
        if let old = tasks[rank].candidate { candidates[memoryClass].remove(old) }
        if let candidate { candidates[memoryClass].insert(candidate) }
        tasks[rank].candidate = candidate
    }

    private func since(_ rank: Int, _ holder: WorkerID) -> Duration? {
        switch workers[holder]?.leases[rank] {
        case .running(let since): since
        case .queued: nil
        case nil: preconditionFailure("a task's holder has a lease on it")
        }
    }

    /// Puts the worker among those that want tasks, or not. Called after each change of its leases,
    /// limits, phase or rest.
    mutating func file(_ id: WorkerID) {
        guard let worker = workers[id] else { preconditionFailure("only a known worker is filed") }
        let hunger: Hunger? =
            switch worker.phase {
            case .working where worker.leases.count < 2 && !worker.isResting:
                Hunger(
                    held: worker.leases.count, classLimit: worker.classLimit, worker: id)
            case .working, .leaving: nil
            }
        guard hunger != worker.hunger else { return }
        if let old = worker.hunger { hungry[old.held].remove(old) }
        if let hunger { hungry[hunger.held].insert(hunger) }
        workers[id]!.hunger = hunger
    }
}
