/// Decides how many workers a launcher is to keep, and when it starts and stops them.
///
/// A value beside the scheduler, without clock, chance or processes: what the launcher has said, what
/// there is to do and the time go in, orders come out. The launcher is given one order at a time. Before
/// it starts anything it is asked to list its jobs. So workers that an earlier coordinator has started,
/// or whose start seemed to fail, are counted, and a launcher that can't list its jobs starts none.
public struct Growth: Sendable {
    struct Job: Hashable, Sendable {
        var place: Place
        /// When it was first seen to run.
        var runningSince: Duration?
        /// Its worker has said hello.
        var hasArrived = false
        var isPresent = false
        var idleSince: Duration?
        /// When it was told to stop.
        var condemnedAt: Duration?

        /// Whether its worker is still to be expected.
        var isPending: Bool { !hasArrived && condemnedAt == nil }
    }

    private enum Errand: Hashable { case list, start(Int), stop }

    let settings: Settings
    private var jobs: [JobID: Job] = [:]
    var now: Duration
    private var errand: Errand?
    private var listAt: Duration
    private var listInterval: Duration
    /// How many lists in a row have failed. Unless it is 0, nothing is started or stopped, since it
    /// isn't known which jobs there are.
    private var lostLists = 0
    private var mayStartAt: Duration
    /// How many starts in a row have failed, or have brought no worker.
    private(set) var failures = 0
    /// Whether a start was refused for good.
    private var hasGivenUp = false
    private var closedAt: Duration?
    private var listedAt: Duration?

    /// - Parameter now: monotonic time since any origin, the same as in `handle`.
    public init(settings: Settings, now: Duration) {
        self.settings = settings
        self.now = now
        listAt = now
        listInterval = settings.shortestListInterval
        mayStartAt = now
    }

    /// Whether the last starts have failed, or too many lists in a row, or nothing will be started any more.
    public var isHampered: Bool {
        hasGivenUp || failures > 0 || lostLists >= settings.failureLimit
    }

    /// Whether no job is left and none will be started any more.
    public var isBarren: Bool { hasGivenUp && jobs.isEmpty && errand == nil }

    /// The jobs that have not ended, as far as is known.
    public var jobIDs: [JobID] { jobs.keys.sorted() }

    public var queuedCount: Int { jobs.values.count { $0.place == .queued } }
    public var runningCount: Int { jobs.values.count { $0.place == .running } }

    /// What to do, in this order, now that the event has happened. O(jobs + attendants).
    public mutating func handle(_ event: Event, demand: Demand, at time: Duration) -> [Action] {
        precondition(time >= now, "time is monotonic")
        now = time
        var actions = take(event)
        meet(demand.attendants)
        actions += dismissals()
        if errand == nil { actions += nextErrand(demand) }
        return actions
    }

    /// From now on no job is started, and those that there are, are stopped.
    public mutating func close(at time: Duration) {
        now = time
        closedAt = time
        listAt = time
    }

    /// Whether a list that was made after `close` has shown that no job is left.
    public var isGone: Bool {
        guard let closedAt, let listedAt else { return false }
        return errand == nil && listedAt >= closedAt && jobs.isEmpty
    }

    // MARK: - What the launcher says

    private mutating func take(_ event: Event) -> [Action] {
        guard event != .ticked else { return [] }
        guard let errand else { preconditionFailure("\(event) without an order") }
        self.errand = nil
        switch (event, errand) {
        case (.ticked, _): return []
        case (.listed(let places), .list): return compare(places)
        case (.failed(let reason, _), .list): return missList(reason)
        case (.started(let ids), .start(let count)):
            listSoon()
            for id in ids where jobs[id] == nil { jobs[id] = Job(place: .queued) }
            if ids.count < count { mayStartAt = now + settings.pauseWhenFull }
            return []
        case (.failed(let reason, let isFinal), .start):
            listSoon()
            if isFinal {
                hasGivenUp = true
                return [.say(.gaveUp(.refused(reason: reason)))]
            }
            return fail(.refused(reason: reason))
        // The next list says which jobs are left.
        case (.stopped, .stop), (.failed, .stop):
            listSoon()
            return []
        case (.listed, .start), (.listed, .stop), (.started, .list), (.started, .stop),
            (.stopped, .list), (.stopped, .start):
            preconditionFailure("\(event) is no answer to \(errand)")
        }
    }

    private mutating func compare(_ places: [JobID: Place]) -> [Action] {
        var actions: [Action] = lostLists >= settings.failureLimit ? [.say(.listedAgain)] : []
        lostLists = 0
        listedAt = now
        let before = jobs
        jobs = jobs.filter { places[$0.key] != nil }
        for (id, place) in places {
            switch (jobs[id]?.place, place) {
            case (nil, _), (.running, .queued): jobs[id] = Job(place: place)
            case (.queued, .running): jobs[id]!.place = .running
            case (.queued, .queued), (.running, .running): break
            }
            if place == .running, jobs[id]!.runningSince == nil { jobs[id]!.runningSince = now }
        }
        let isSteady = before == jobs && closedAt == nil
        listInterval =
            isSteady
            ? min(listInterval * 2, settings.longestListInterval) : settings.shortestListInterval
        listAt = now + listInterval
        let barren = before.filter { places[$0.key] == nil && $0.value.isPending }.keys.sorted()
        if let last = barren.last { actions += fail(.barren(last), times: barren.count) }
        return actions
    }

    private mutating func missList(_ reason: String) -> [Action] {
        lostLists += 1
        listInterval = min(listInterval * 2, settings.longestListInterval)
        listAt = now + listInterval
        return lostLists == settings.failureLimit ? [.say(.unlisted(reason: reason))] : []
    }

    private mutating func fail(_ failure: Failure, times: Int = 1) -> [Action] {
        failures += times
        guard failures < settings.failureLimit else {
            mayStartAt = now + settings.pause
            return [
                .say(.paused(failure, failures: failures, retryAfter: settings.pause))
            ]
        }
        let backoff = settings.backoff * (1 << (failures - 1))
        mayStartAt = now + backoff
        return [.say(.failed(failure, retryAfter: backoff))]
    }

    private mutating func listSoon() {
        listInterval = settings.shortestListInterval
        listAt = now + listInterval
    }

    // MARK: - Who is there

    private mutating func meet(_ attendants: [Demand.Attendant]) {
        var present: [JobID: Bool] = [:]
        for attendant in attendants {
            if let job = attendant.job { present[job] = attendant.isIdle }
        }
        for id in jobs.keys {
            let isIdle = present[id]
            if jobs[id]!.isPresent != (isIdle != nil) { listSoon() }
            jobs[id]!.isPresent = isIdle != nil
            jobs[id]!.idleSince = isIdle == true ? jobs[id]!.idleSince ?? now : nil
            guard isIdle != nil, !jobs[id]!.hasArrived else { continue }
            jobs[id]!.hasArrived = true
            jobs[id]!.place = .running
            // A worker that has come shows that the launcher can start workers: its failures are forgotten.
            if failures > 0 { (failures, mayStartAt) = (0, now) }
        }
    }

    /// Tells workers to go that have been idle for `idleLimit`. A worker that is still there and idle
    /// after the same time again is told again: the first message may have been lost.
    private mutating func dismissals() -> [Action] {
        let idle = jobs.filter {
            $0.value.idleSince.map { now - $0 >= settings.idleLimit } ?? false
        }
        for id in idle.keys { jobs[id]!.idleSince = now }
        return idle.keys.sorted().map { .dismiss($0) }
    }

    // MARK: - How many, and when

    private mutating func nextErrand(_ demand: Demand) -> [Action] {
        guard now < listAt else {
            errand = .list
            return [.list]
        }
        guard lostLists == 0, listedAt != nil else { return [] }
        if closedAt != nil { return stop(leftovers()) }
        let mute = mutes()
        if let last = mute.last {
            return fail(.mute(last, after: settings.connectionLimit)) + stop(mute)
        }
        let pending = jobs.filter { $0.value.isPending }
        let stale = stubborn() + surplus(demand, among: pending)
        if !stale.isEmpty { return stop(stale) }
        let count = shortage(demand, pending: pending.count)
        guard count > 0, now >= mayStartAt else { return [] }
        errand = .start(count)
        return [.start(count)]
    }

    private mutating func stop(_ ids: [JobID]) -> [Action] {
        guard !ids.isEmpty else { return [] }
        for id in ids { jobs[id]!.condemnedAt = now }
        errand = .stop
        return [.stop(ids)]
    }

    /// The jobs to stop after `close`. The coordinator has told the workers that are there to go; their
    /// jobs are left alone for `farewell`.
    private func leftovers() -> [JobID] {
        jobs.filter { _, job in
            let isDue = job.condemnedAt.map { now - $0 >= settings.stopInterval } ?? true
            return isDue && (!job.hasArrived || now - closedAt! >= settings.farewell)
        }.keys.sorted()
    }

    /// The jobs that were told to stop and are still there after `stopInterval`.
    private func stubborn() -> [JobID] {
        jobs.filter { _, job in
            job.condemnedAt.map { now - $0 >= settings.stopInterval } ?? false
        }.keys.sorted()
    }

    /// The jobs that have run for `connectionLimit` without a hello from their worker.
    private func mutes() -> [JobID] {
        jobs.filter { _, job in
            job.isPending
                && job.runningSince.map { now - $0 >= settings.connectionLimit } ?? false
        }.keys.sorted()
    }

    /// Queued jobs that aren't worth keeping. A job is kept for a quarter of the work that it is started
    /// for, so that an estimate that wavers doesn't cost a place in the queue.
    private func surplus(_ demand: Demand, among pending: [JobID: Job]) -> [JobID] {
        let worth = worth(demand, perWorker: settings.startCost / 4)
        let queued = pending.filter { $0.value.place == .queued }.keys.sorted()
        return Array(queued.suffix(max(0, pending.count - worth)))
    }

    /// How many workers to start. After a failure only one is tried, and no other until it has come.
    private func shortage(_ demand: Demand, pending: Int) -> Int {
        guard !hasGivenUp else { return 0 }
        let room = settings.maximum - jobs.count
        let count = min(worth(demand, perWorker: settings.startCost) - pending, room)
        return failures > 0 ? min(count, 1 - pending) : count
    }

    /// How many more workers are worth starting: as many as find, beside those that are there, at least
    /// `least` of the work that no worker has begun, and a task each. Where no worker is there, one is
    /// always worth it.
    private func worth(_ demand: Demand, perWorker least: Duration) -> Int {
        guard demand.unbegun > 0 else { return 0 }
        let present = demand.attendants.count
        let byWork = Int(min(demand.work / least, 1e9)) - present
        let count = max(byWork, present == 0 ? 1 : 0)
        return max(0, min(count, demand.unbegun, demand.unfinished - present))
    }
}
