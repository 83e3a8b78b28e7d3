/// How workers come, fall silent, die, leave and return.
extension Scheduler {
    /// Moves the time on. After a gap as long as a `silence` the coordinator itself was away and could
    /// hear no worker, so all silences are counted from now.
    mutating func wake(at time: Duration) {
        precondition(time >= now, "time is monotonic")
        if time - now >= settings.silence { listeningSince = time }
        now = time
    }

    /// The worker is alive. If it was lost because it was silent, the crashes that were counted for it
    /// are taken back. It stays unknown until it says hello, and with it what it holds.
    mutating func hear(_ id: WorkerID) {
        if let worker = workers[id] {
            workers[id]!.heardAt = now
            if worker.isResting {
                workers[id]!.isResting = false
                file(id)
            }
        }
        switch losses[id]?.cause {
        case .silence: forgive(id)
        case .death, nil: break
        }
    }

    /// The worker's leases become exactly `held`, as far as those tasks can still be leased.
    mutating func join(_ id: WorkerID, held: [TaskID], limits: Limits) -> [Action] {
        forgive(id)
        if let worker = workers[id] {
            statures.remove(Stature(memory: worker.limits.memory, worker: id))
        } else {
            workers[id] = WorkerRecord(heardAt: now, lookAgain: now + settings.silence)
            watches.insert(Watch(at: now + settings.silence, worker: id))
        }
        statures.insert(Stature(memory: limits.memory, worker: id))
        workers[id]!.limits = limits
        workers[id]!.classLimit = classLimit(memory: limits.memory)
        workers[id]!.phase = .working
        file(id)
        let kept = Set(held.compactMap { ranks[$0] })
        for rank in workers[id]!.leases.keys.sorted() where !kept.contains(rank) {
            takeBack(rank, from: id)
        }
        return held.compactMap { keep($0, at: id) ? nil : .discard($0, at: id) }
    }

    /// Whether the worker may go on with a task that it says it holds.
    private mutating func keep(_ task: TaskID, at id: WorkerID) -> Bool {
        guard let rank = ranks[task] else { return false }
        switch tasks[rank].state {
        case .unwanted, .finished, .failed: return false
        case .leased(id), .leasedTwice(id, _), .leasedTwice(_, id): return true
        case .leasedTwice: return false
        case .waiting, .leased:
            lease(rank, to: id)
            return true
        }
    }

    mutating func leave(_ id: WorkerID) -> [Action] {
        forgive(id)
        _ = remove(id)
        return []
    }

    mutating func bury(_ id: WorkerID, reason: String) -> [Action] {
        guard workers[id] == nil else { return lose(id, to: .death(reason: reason)) }
        losses[id]?.cause = .death(reason: reason)
        return []
    }

    /// Suspects each worker that has been silent for too long. Each worker is looked at once in a
    /// `silence`, however often `ticked` comes.
    mutating func judgeSilence() -> [Action] {
        var actions: [Action] = []
        while let watch = watches.first(), watch.at <= now {
            guard let worker = workers[watch.worker] else {
                preconditionFailure("only a known worker is watched")
            }
            let lookAgain = max(worker.heardAt, listeningSince) + settings.silence
            if lookAgain <= now {
                actions.append(.suspect(watch.worker))
                actions += lose(watch.worker, to: .silence)
            } else {
                watches.remove(watch)
                watches.insert(Watch(at: lookAgain, worker: watch.worker))
                workers[watch.worker]!.lookAgain = lookAgain
            }
        }
        return actions
    }

    /// Takes the worker's leases back, and counts a crash against each task that it had started. A
    /// worker that falls silent when its time is up counts none: the machine's owner has ended it.
    private mutating func lose(_ id: WorkerID, to cause: Loss.Cause) -> [Action] {
        if cause == .silence, isTimeUp(for: id) {
            for (rank, lease) in remove(id) { learn(fromUnfinished: rank, lease) }
            return []
        }
        let leases = remove(id)
        losses[id] = leases.isEmpty ? nil : Loss(cause: cause, leases: leases)
        let reason =
            switch cause {
            case .silence: "not a word for \(settings.silence)"
            case .death(let reason): reason
            }
        return leases.sorted { $0.key < $1.key }.flatMap { rank, lease in
            switch lease {
            case .queued: [Action]()
            case .running: crash(rank, by: id, reason: reason)
            }
        }
    }

    /// The leases that the worker had; their tasks wait again or are left to their other holder.
    private mutating func remove(_ id: WorkerID) -> [Int: Lease] {
        guard let leases = workers[id]?.leases else { return [:] }
        for rank in leases.keys.sorted() { takeBack(rank, from: id) }
        let worker = workers.removeValue(forKey: id)!
        if let hunger = worker.hunger { hungry[hunger.held].remove(hunger) }
        statures.remove(Stature(memory: worker.limits.memory, worker: id))
        watches.remove(Watch(at: worker.lookAgain, worker: id))
        return leases
    }

    /// Takes back the crashes that the worker's loss has counted against tasks that go on.
    private mutating func forgive(_ id: WorkerID) {
        guard let loss = losses.removeValue(forKey: id) else { return }
        for rank in loss.leases.keys where tasks[rank].isOpen {
            tasks[rank].crashes.removeAll { $0.worker == id }
            file(rank)
        }
    }
}
