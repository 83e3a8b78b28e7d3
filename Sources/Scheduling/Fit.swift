/// Which tasks a worker can do, within its memory and its time left, and which fit no worker.
extension Scheduler {
    /// How many memory classes are within this memory.
    func classLimit(memory: Double) -> Int {
        memoryNeeds.partitioningIndex { $0 > memory }
    }

    /// The task that the worker is given next, of those that wait and that it can do: the one whose turn it is,
    /// so that a run which has come half way has all of the first rounds. Near the end the longest comes first:
    /// if a long one began last, the other workers would wait for it. O(log n).
    func firstWaiting(for id: WorkerID) -> Int? {
        let worker = workers[id]!
        let most = workLeft(of: worker) - worker.heldCost
        let start = tasks.partitioningIndex { $0.cost <= most }
        guard let longest = waiting.longest(from: start, below: worker.classLimit) else {
            return nil
        }
        let share = costLeft / Double(max(workers.count, settings.expectedWorkers))
        guard tasks[longest].cost * Self.tail < share,
            let next = waiting.next(below: worker.classLimit), tasks[next].cost <= most
        else { return longest }
        return next
    }

    /// The end begins when the work left for each worker is this many times the longest waiting task. With less
    /// the end comes later, with more fewer of the first rounds are complete half way: see `RoundTests`.
    private static let tail = 10.0

    func hasCandidate(below limit: Int) -> Bool {
        candidates.prefix(limit).contains { !$0.isEmpty }
    }

    /// The task to lease a second time to this worker: of each memory class' first candidate, the first
    /// that the worker can do. O(memory classes).
    mutating func firstCandidate(for id: WorkerID) -> Int? {
        let worker = workers[id]!
        let longest = workLeft(of: worker) - worker.heldCost
        var best: Candidate?
        for memoryClass in 0..<worker.classLimit {
            guard let candidate = candidates[memoryClass].first(),
                tasks[candidate.rank].cost <= longest
            else { continue }
            if best.map({ candidate < $0 }) ?? true { best = candidate }
        }
        return best?.rank
    }

    /// The work that the worker can still do in all, at its own speed, or at all workers' until that is
    /// known; infinite where neither is. Negative once its time is up, so that no task fits.
    private func workLeft(of worker: WorkerRecord) -> Double {
        guard let until = worker.limits.until else { return .infinity }
        guard until > now else { return -1 }
        guard let pace = speed(of: worker).secondsPerCost, pace > 0 else { return .infinity }
        return (until - now) / .seconds(1) / pace
    }

    /// Whether the worker's time limit has passed, or passes within a second.
    func isTimeUp(for id: WorkerID) -> Bool {
        workers[id]?.limits.until.map { now >= $0 - .seconds(1) } ?? false
    }

    /// A task was broken off when its worker's time was up, so it takes longer than it has run. The
    /// scheduler takes it to need twice as long: by the old estimate, workers with too little time
    /// would be given it again and again.
    mutating func learn(fromUnfinished rank: Int, _ lease: Lease) {
        guard case .running(let since) = lease, tasks[rank].cost > 0 else { return }
        let least = (now - since) * 2
        let expected = speed.secondsPerCost.map { $0 * tasks[rank].cost } ?? 0
        if least / .seconds(1) > expected { speed.record(cost: tasks[rank].cost, took: least) }
    }

    // MARK: - Tasks that fit no worker

    /// Fails the tasks that no worker will ever have the memory for, or says that some wait for
    /// one. O(memory classes above every worker's).
    mutating func judgeFit() -> [Action] {
        // While no worker is there, nothing is known of what later ones can do.
        guard let largest = statures.first()?.memory else { return [] }
        let limit = classLimit(memory: largest)
        let oversized = waiting.counts[limit...].reduce(0, +)
        guard oversized == 0 || settings.expectsLargerWorkers else {
            return failOversized(limit: limit, largest: largest)
        }
        // Once no task lacks memory, some may still lack time: that is looked at now, not when it is due.
        if oversized == 0, misfit != overlong { overlongDue = now }
        judgeTime()
        var found = overlong
        if oversized > 0 {
            let need = waiting.counts.lastIndex { $0 > 0 }!
            found = Misfit(
                tasks: oversized, reason: Self.reason(need: memoryNeeds[need], largest: largest))
        }
        guard found != misfit else { return [] }
        misfit = found
        return [.misfit(found)]
    }

    private static func reason(need: Double, largest: Double) -> String {
        "needs \(bytes(need, .up)), the largest worker has \(bytes(largest, .down))"
    }

    /// O(tasks), but only needed at first and after the worker with the most memory has gone.
    private mutating func failOversized(limit: Int, largest: Double) -> [Action] {
        var actions: [Action] = []
        for rank in tasks.indices
        where tasks[rank].memoryClass >= limit && waiting.contains(rank) {
            failedCount += 1
            let need = memoryNeeds[tasks[rank].memoryClass]
            actions.append(
                .fail(
                    tasks[rank].id, reason: Self.reason(need: need, largest: largest), by: nil))
            actions += end(rank, as: .failed, by: nil)
        }
        return actions
    }

    /// Looks for waiting tasks that would take longer than any worker with the memory for them has left,
    /// even if it did nothing else. As this costs O(tasks + workers), it is done once in a `silence`,
    /// within which each worker has been heard, and only where some task has no worker without a time
    /// limit.
    private mutating func judgeTime() {
        if waiting.isEmpty { overlong = nil }
        guard now >= overlongDue else { return }
        overlongDue = now + settings.silence
        let ranks = overlongRanks
        guard let first = ranks.first else {
            overlong = nil
            return
        }
        // The workers' time left shrinks all the time; only another number of tasks is worth a message.
        guard overlong?.tasks != ranks.count else { return }
        let takes = speed.secondsPerCost.map {
            "needs some \(Int(($0 * tasks[first].cost).rounded(.up))) s, "
        }
        overlong = Misfit(
            tasks: ranks.count,
            reason: "\(takes ?? "")more than any worker with the memory for it has left")
    }

    /// Longest first.
    private var overlongRanks: [Int] {
        // By memory class: the most work that a worker with the memory for it can still do.
        var most = [Double](repeating: -.infinity, count: memoryNeeds.count)
        for worker in workers.values where worker.classLimit > 0 {
            most[worker.classLimit - 1] = max(most[worker.classLimit - 1], workLeft(of: worker))
        }
        for memoryClass in most.indices.dropLast().reversed() {
            most[memoryClass] = max(most[memoryClass], most[memoryClass + 1])
        }
        guard let limited = most.firstIndex(where: { $0 < .infinity && $0 > -.infinity }),
            waiting.counts[limited...].contains(where: { $0 > 0 })
        else { return [] }
        return tasks.indices.filter { rank in
            let most = most[tasks[rank].memoryClass]
            return waiting.contains(rank) && tasks[rank].cost > most && most > -.infinity
        }
    }
}

extension RandomAccessCollection where Index == Int {
    /// The first index whose element belongs to the second part, or the end index. All elements of the
    /// first part must come before all of the second. O(log n).
    fileprivate func partitioningIndex(_ belongsInSecond: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if belongsInSecond(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
