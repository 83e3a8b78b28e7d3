import Scheduling
import Sweep

/// How the desk does what the scheduler decides.
extension Desk {
    mutating func handle(_ event: Event) {
        for action in scheduler.handle(event, at: now) {
            switch action {
            case .assign(let task, let worker): assign(task, to: worker)
            case .discard(let task, let worker):
                log.debug(
                    "task \(task) is taken back from worker \(worker): another has finished it")
                send(.discard(task), to: worker)
            case .fail(let task, let reason, let worker): fail(task, reason: reason, by: worker)
            case .suspect(let worker):
                log.warning("no word from worker \(worker); its tasks go to others")
                noteDeparture(of: worker, because: "not a word for \(terms.timing.silence)")
            case .misfit(let misfit?):
                let tasks = misfit.tasks == 1 ? "1 task waits" : "\(misfit.tasks) tasks wait"
                log.warning("\(tasks) for a larger worker: \(misfit.reason)")
            case .misfit(nil): log.notice("every task fits a worker again")
            }
        }
    }

    private mutating func assign(_ task: TaskID, to worker: WorkerID) {
        assignments += 1
        sessions.note(assignments, of: task, to: worker)
        log.debug(
            "task \(task), \(blocks[task]!.wantedCount) cells, goes to worker \(worker): \(why(task))"
        )
        send(
            .assign(
                Assignment(
                    task: task, wanted: blocks[task]!.wanted,
                    isSuspect: scheduler.isSuspect(task), number: assignments)), to: worker)
    }

    /// Why the scheduler gives out a task, for the log.
    private func why(_ task: TaskID) -> String {
        let block = blocks[task]!
        let place = "\(block.student), depth \(block.depth), seed \(block.seed)"
        return scheduler.isSuspect(task) ? "\(place), again after a crash" : place
    }

    /// Notes in the ledger that the wanted rows of a result are to be stored.
    mutating func add(
        _ result: Received, of task: TaskID, from worker: WorkerID, isPart: Bool = false
    ) {
        var author = author(worker)
        author?.threads = result.threads
        ledger.add(
            Finished(
                task: task, rows: result.rows, isPart: isPart, author: author,
                seconds: result.seconds))
        tally.credit(worker, cells: result.rows.count)
    }

    private mutating func fail(_ task: TaskID, reason: String, by worker: WorkerID?) {
        log.warning("task \(task) failed: \(reason)")
        let block = blocks[task]!
        tally.note(
            Standing.Failure(task: task, cells: block.wantedCount, reason: reason, at: now))
        let undefined = [Double](repeating: .nan, count: sweep.metrics.count)
        let rows = block.wanted.joined().map { place in
            Row(
                cell: block.cellNumber(at: place), status: .failed, values: undefined,
                error: reason)
        }
        ledger.add(
            Finished(task: task, rows: rows, author: worker.flatMap(author), seconds: nil))
    }

    private func author(_ worker: WorkerID) -> Finished.Author? {
        sessions.peers[worker].map {
            .init(
                host: $0.machine.host, pid: $0.machine.pid,
                processorType: $0.machine.processorType, blas: $0.machine.blas)
        }
    }

    /// Notes that the worker is no longer there, as far as is known.
    mutating func noteDeparture(of worker: WorkerID, because reason: String) {
        guard let machine = sessions.peers[worker]?.machine else { return }
        tally.note(
            Standing.Departure(host: machine.host, pid: machine.pid, reason: reason, at: now),
            of: worker)
    }
}
