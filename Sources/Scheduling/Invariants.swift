/// What always holds between two events.
extension Scheduler {
    /// Above this many tasks and workers the check would cost more than the work that it checks.
    private static let largestChecked = 300

    /// True, for `assert`: runs the check where it is affordable.
    func checkedInvariants() -> Bool {
        if tasks.count + workers.count <= Self.largestChecked { checkInvariants() }
        return true
    }

    /// Traps with the reason if the state contradicts itself. Costs O(tasks + workers).
    package func checkInvariants() {
        for rank in tasks.indices { check(tasks[rank], rank) }
        for (id, worker) in workers { check(worker, id) }
        checkTotals()
        checkThatNobodyStarves()
    }

    private func check(_ task: TaskRecord, _ rank: Int) {
        precondition(ranks[task.id] == rank, "a task is found by its id")
        let isWaiting = task.state == .waiting
        precondition(waiting.contains(rank) == isWaiting, "just the waiting tasks are in the queue")
        precondition(
            candidates.indices.allSatisfy { memoryClass in
                memoryClass == task.memoryClass
                    || task.candidate.map { !candidates[memoryClass].contains($0) } ?? true
            }, "a task is filed by its own memory need")
        for holder in task.holders {
            precondition(workers[holder]?.leases[rank] != nil, "a task's holder has a lease on it")
        }
        precondition(
            Set(task.holders).count == task.holders.count,
            "two leases of a task belong to two workers")
        precondition(
            Set(task.crashes.map(\.worker)).count == task.crashes.count,
            "a worker's crash counts once against a task")
        if let limit = settings.crashLimit, task.isOpen {
            precondition(task.crashes.count < limit, "a task ends at the crash limit")
        }
        let mayBeLeasedAgain = task.holders.count == 1 && task.crashes.isEmpty
        precondition(
            (task.candidate != nil) == mayBeLeasedAgain,
            "just the tasks with one lease and no crash may get a second")
        if let candidate = task.candidate {
            precondition(
                candidates[task.memoryClass].contains(candidate), "a task's candidacy is filed")
        }
    }

    private func check(_ worker: WorkerRecord, _ id: WorkerID) {
        precondition(losses[id] == nil, "a worker that is there isn't lost")
        for rank in worker.leases.keys {
            precondition(tasks[rank].holders.contains(id), "a lease is known to its task")
        }
        let queued = worker.leases.filter { $0.value == .queued }.keys
        precondition(worker.queuedCount == queued.count, "the queue is counted")
        let cost = queued.reduce(0) { $0 + tasks[$1].cost }
        precondition(
            abs(worker.queuedCost - cost) <= 1e-9 * (tasks.first?.cost ?? 0),
            "the queue's cost is the sum of its tasks' costs")
        let held = worker.leases.keys.reduce(0) { $0 + tasks[$1].cost }
        precondition(
            abs(worker.heldCost - held) <= 1e-9 * (tasks.first?.cost ?? 0),
            "a worker's held cost is the sum of its leases' costs")
        precondition(
            memoryNeeds.prefix(worker.classLimit).allSatisfy { $0 <= worker.limits.memory }
                && memoryNeeds.dropFirst(worker.classLimit).allSatisfy {
                    $0 > worker.limits.memory
                }, "a worker's memory classes are those within its memory")
        precondition(
            statures.contains(Stature(memory: worker.limits.memory, worker: id)),
            "a worker's memory is filed")
        precondition(
            watches.contains(Watch(at: worker.lookAgain, worker: id)), "a worker is watched")
        precondition(
            worker.lookAgain <= max(worker.heardAt, listeningSince) + settings.silence,
            "a worker is looked at before its silence is too long")
        precondition(
            worker.hunger.map {
                hungry[$0.held].contains($0) && $0.held == worker.leases.count
                    && $0.classLimit == worker.classLimit
            } ?? true,
            "a worker's hunger is filed")
        precondition(
            !worker.isResting || worker.limits.until != nil, "only a worker with a time limit rests"
        )
    }

    private func checkTotals() {
        let states = tasks.map(\.state)
        precondition(finishedCount == states.count { $0 == .finished }, "finished tasks add up")
        precondition(failedCount == states.count { $0 == .failed }, "failed tasks add up")
        precondition(
            waiting.count == states.count { $0 == .waiting }, "nothing else is in the queue")
        precondition(waiting.counts.reduce(0, +) == waiting.count, "the classes add up")
        precondition(
            wantedCount == states.count { $0 != .unwanted }, "the wanted tasks are counted")
        let filed = candidates.reduce(0) { $0 + $1.count }
        precondition(filed == tasks.count { $0.candidate != nil }, "no stray candidate")
        let hungers = hungry.reduce(0) { $0 + $1.count }
        precondition(hungers == workers.values.count { $0.hunger != nil }, "no stray hunger")
        precondition(statures.count == workers.count, "no stray stature")
        precondition(watches.count == workers.count, "no stray watch")
    }

    private func checkThatNobodyStarves() {
        guard isAssigning else { return }
        for hunger in workers.values.compactMap(\.hunger) {
            precondition(
                !waiting.contains(below: hunger.classLimit),
                "no task waits while a worker that can do it has an empty queue")
            precondition(
                hunger.held > 0 || !hasCandidate(below: hunger.classLimit),
                "no worker idles beside a task to share")
        }
        if !settings.expectsLargerWorkers, let least = workers.values.map(\.classLimit).max() {
            precondition(
                waiting.counts[least...].allSatisfy { $0 == 0 },
                "no task waits for a worker that won't come")
        }
    }
}
