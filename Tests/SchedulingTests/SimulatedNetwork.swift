import Scheduling

/// The workers' side and what is between them and the coordinator.
extension Simulation {
    mutating func connect(_ worker: WorkerID) -> Int {
        connections.append(Connection(worker: worker))
        return connections.count - 1
    }

    mutating func spawn() {
        spawned += 1
        let id = WorkerID(high: UInt64(spawned) << 32, low: 0)
        let slowness = Double.random(in: 1...3, using: &generator)
        workers[id] = SimulatedWorker(
            id: id, slowness: slowness, limits: newLimits(), session: connect(id), at: now)
        if let until = workers[id]!.limits.until { plan(.deadline(id), at: until) }
        say(workers[id]!.introduction(), by: id)
        plan(.beat(id), at: now + .seconds(1))
    }

    private mutating func newLimits() -> Limits {
        switch stock {
        case .unlimited: return Limits()
        case .equal(let memory): return Limits(memory: memory)
        case .limited(let until) where now >= until: return Limits(memory: 8e9)
        case .limited:
            return Limits(
                memory: [1e9, 2e9, 4e9, 8e9].randomElement(using: &generator)!,
                until: generator.chance(0.5) ? now + generator.seconds(3...20) : nil)
        }
    }

    /// Sends the words; a task that has been started is solved, or kills, in its time.
    mutating func say(_ words: [Word], by id: WorkerID) {
        guard let worker = workers[id] else { return }
        for word in words {
            send(word, by: worker)
            if case .result = word, generator.chance(0.1) { send(word, by: worker) }
            guard case .started(let task) = word else { continue }
            let duration = tasks[task]!.duration * worker.slowness
            switch tasks[task]!.nature {
            case .healthy, .singular: plan(.solved(id, task), at: now + duration)
            case .poisonous: plan(.poisoned(id, task), at: now + min(duration, .seconds(0.1)))
            }
        }
    }

    private mutating func send(_ word: Word, by worker: SimulatedWorker) {
        let session = worker.session
        guard !connections[session].isCut else { return }
        let delay = generator.seconds(0.0005...0.02) + connections[session].wordDelay
        let arrival = max(connections[session].lastWord, now + delay)
        connections[session].lastWord = arrival
        plan(.word(word, from: worker.id, session: session), at: arrival)
    }

    mutating func send(_ order: Order, to worker: WorkerID) {
        guard let session = newest[worker], !connections[session].isCut else { return }
        let delay = generator.seconds(0.0005...0.02) + connections[session].orderDelay
        let arrival = max(connections[session].lastOrder, now + delay)
        connections[session].lastOrder = arrival
        plan(.order(order, to: worker, session: session), at: arrival)
    }

    /// A worker that hears nothing gives its connection up and makes a new one.
    mutating func beat(_ id: WorkerID) {
        guard let worker = workers[id] else { return }
        plan(.beat(id), at: now + .seconds(1))
        if now - worker.heardAt > Self.silence {
            workers[id]!.session = connect(id)
            workers[id]!.heardAt = now
            say(workers[id]!.introduction(), by: id)
        } else {
            say([.heartbeat], by: id)
        }
    }

    /// Its launcher starts another; the news of the death may come soon, late or never.
    mutating func kill(_ id: WorkerID) {
        workers[id] = nil
        plan(.spawn, at: now + generator.seconds(0.5...3))
        if generator.chance(0.6) { plan(.death(id), at: now + generator.seconds(0...0.3)) }
    }

    mutating func shutDown(_ id: WorkerID) {
        say(workers[id]!.farewell(), by: id)
        workers[id] = nil
        plan(.spawn, at: now + generator.seconds(0.5...3))
    }

    mutating func befall(_ trouble: Trouble) {
        let someone = workers.keys.sorted().randomElement(using: &generator)
        switch trouble {
        case .cut:
            if let someone { connections[workers[someone]!.session].isCut = true }
        case .slowWords:
            guard let someone else { return }
            connections[workers[someone]!.session].wordDelay = generator.seconds(1...12)
        case .slowOrders:
            guard let someone else { return }
            connections[workers[someone]!.session].orderDelay = generator.seconds(1...12)
        case .kill:
            if let someone { kill(someone) }
        case .shutDown:
            if let someone { shutDown(someone) }
        case .oversleep: asleepUntil = now + generator.seconds(6...30)
        case .restart: restart()
        }
    }
}
