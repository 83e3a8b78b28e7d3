import Scheduling

/// What the desk decides of workers that a launcher keeps.
extension Desk {
    /// What there is to do for the launcher's next workers. Until one has come they are taken to have any
    /// memory and any time.
    var demand: Demand {
        var demand = scheduler.demand(
            for: launched ?? WorkerKind(), guess: 1 / (Self.guessedSpeed * Double(terms.threads)))
        demand.attendants = sessions.peers.compactMap { worker, peer in
            scheduler.knows(worker)
                ? .init(job: peer.machine.job, isIdle: scheduler.isIdle(worker)) : nil
        }
        return demand
    }

    /// Operations for each second and thread. Used to judge whether a worker is worth its start until a
    /// task has finished.
    private static let guessedSpeed = 2e10

    /// Tells the job's worker to go, unless it has been given a task since that was decided.
    mutating func dismiss(_ job: JobID, at time: Duration) {
        now = time
        for (worker, peer) in sessions.peers where peer.machine.job == job {
            guard scheduler.isIdle(worker) else { continue }
            send(.stop, to: worker)
            handle(.left(worker))
        }
    }

    /// Learns what the launcher's workers have: the most memory and the most time of those that have come,
    /// since they are taken to be of one kind.
    mutating func note(_ machine: Machine) {
        guard machine.job != nil else { return }
        let memory = Double(machine.memory)
        guard let known = launched else {
            launched = WorkerKind(memory: memory, time: machine.timeLeft)
            return
        }
        launched!.memory = max(known.memory, memory)
        launched!.time = machine.timeLeft.flatMap { left in known.time.map { max($0, left) } }
    }
}
