import Seeded

@testable import Scheduling

/// The scheduler, the growth and a batch system with its troubles, in steps of a second.
///
/// Workers and tasks are as simple as can be: what befalls them is the scheduler's own simulation's.
struct GrowthSimulation {
    enum Trouble: CaseIterable {
        case none, slowQueue, failingStarts, barrenJobs, muteWorkers, longTail, shortLife, deafLists
    }

    struct Job {
        enum Nature { case healthy, barren, mute }

        var nature: Nature
        /// When its node would be free.
        var startsAt: Duration
        var runningSince: Duration?
        var arrivesAt = Duration.zero
        var worker: WorkerID?
        var hasWorked = false
        /// The scheduler's tasks in its hands, the first being solved.
        var queue: [(task: TaskID, endsAt: Duration?)] = []
        var heldSince: Duration?
    }

    static let step = Duration.seconds(1)
    static let patience = Duration.seconds(20_000)

    let trouble: Trouble
    let maximum: Int
    /// How long jobs live.
    let life: Duration?
    var generator: SeededGenerator
    var scheduler: Scheduler
    var growth: Growth
    let durations: [TaskID: Duration]
    var now = Duration.zero
    var jobs: [JobID: Job] = [:]
    /// What the launcher is at, and when it is done.
    var errand: (action: Growth.Action, until: Duration)?
    var submitted = 0
    /// Orders to start something.
    var starts: [Duration] = []
    var workedJobs = 0
    var presentTime = Duration.zero
    var idleTime = Duration.zero
    var notices: [Growth.Notice] = []
    var complaints: [String] = []
    var isClosed = false

    /// Seconds of work in all: what one worker would take.
    var work: Double { durations.values.reduce(0) { $0 + $1 / .seconds(1) } }

    init(trouble: Trouble, seed: Int) {
        var generator = SeededGenerator(seed: seed)
        self.trouble = trouble
        maximum = Int.random(in: 1...20, using: &generator)
        let count = Int.random(in: 1...60, using: &generator)
        let mean = Double.random(in: 1...40, using: &generator)
        var durations: [TaskID: Duration] = [:]
        for task in 0..<count {
            let isLong = trouble == .longTail && generator.chance(0.03)
            durations[task] = generator.seconds(mean / 2...mean * 1.5) * (isLong ? 15 : 1)
        }
        self.durations = durations
        life = trouble == .shortLife ? .seconds(mean * 4 + 60) : nil
        // The cost model is wrong by a factor that tasks share, and a little for each.
        let scale = Double.random(in: 0.2...5, using: &generator)
        let costs = durations.mapValues {
            $0 / .seconds(1) * scale * Double.random(in: 0.8...1.25, using: &generator)
        }
        scheduler = Scheduler(costs: costs, now: .zero)
        growth = Growth(settings: .init(maximum: maximum), now: .zero)
        self.generator = generator
    }

    mutating func run() {
        while now < Self.patience, !(isClosed && growth.isGone) {
            now += Self.step
            turnQueue()
            for id in jobs.keys.sorted() { turn(id) }
            schedule(.ticked)
            if scheduler.isFinished, !isClosed {
                isClosed = true
                growth.close(at: now)
                for id in jobs.keys where jobs[id]!.worker != nil { endJob(id) }
            }
            turnGrowth()
        }
        if !scheduler.isFinished { complaints.append("hangs: \(scheduler.snapshot)") }
        if !jobs.isEmpty { complaints.append("\(jobs.count) jobs are left") }
    }

    // MARK: - The batch system

    private mutating func turnQueue() {
        for id in jobs.keys.sorted()
        where jobs[id]!.runningSince == nil && jobs[id]!.startsAt <= now {
            jobs[id]!.runningSince = now
            jobs[id]!.arrivesAt = now + generator.seconds(0.5...3)
        }
    }

    private mutating func turn(_ id: JobID) {
        guard let since = jobs[id]!.runningSince else { return }
        switch jobs[id]!.nature {
        case .barren: if now >= jobs[id]!.arrivesAt { endJob(id) }
        case .mute: break
        case .healthy:
            if jobs[id]!.worker == nil, now >= jobs[id]!.arrivesAt { arrive(id) }
            if jobs[id]!.worker != nil { work(id) }
            if let life, now >= since + life { expire(id) }
        }
    }

    private mutating func arrive(_ id: JobID) {
        let worker = WorkerID(high: UInt64(submitted), low: UInt64(id.dropFirst())!)
        jobs[id]!.worker = worker
        let until = life.map { jobs[id]!.runningSince! + $0 }
        schedule(.joined(worker, held: [], limits: Limits(until: until)))
    }

    private mutating func work(_ id: JobID) {
        let worker = jobs[id]!.worker!
        if now.components.seconds.isMultiple(of: 4) { schedule(.heard(worker)) }
        presentTime += Self.step
        if jobs[id]!.queue.isEmpty { idleTime += Self.step }
        if let first = jobs[id]!.queue.first, let endsAt = first.endsAt, endsAt <= now {
            jobs[id]!.queue.removeFirst()
            if !jobs[id]!.hasWorked { workedJobs += 1 }
            jobs[id]!.hasWorked = true
            schedule(.finished(first.task, by: worker))
        }
        if let first = jobs[id]!.queue.first, first.endsAt == nil {
            jobs[id]!.queue[0].endsAt = now + durations[first.task]!
            schedule(.started(first.task, by: worker))
        }
    }

    /// It hands its tasks back and ends.
    private mutating func expire(_ id: JobID) {
        if let worker = jobs[id]!.worker {
            for held in jobs[id]!.queue { schedule(.released(held.task, by: worker)) }
        }
        endJob(id)
    }

    private mutating func endJob(_ id: JobID) {
        guard let job = jobs.removeValue(forKey: id) else { return }
        if let worker = job.worker { schedule(.left(worker)) }
    }

    private mutating func schedule(_ event: Event) {
        for action in scheduler.handle(event, at: now) {
            switch action {
            case .assign(let task, let worker):
                if let id = job(of: worker) { jobs[id]!.queue.append((task, nil)) }
            case .discard(let task, let worker):
                if let id = job(of: worker) { jobs[id]!.queue.removeAll { $0.task == task } }
            case .fail, .suspect, .misfit: break
            }
        }
    }

    private func job(of worker: WorkerID) -> JobID? {
        let id = "j\(worker.low)"
        return jobs[id]?.worker == worker ? id : nil
    }

    // MARK: - The launcher

    private var demand: Demand {
        var demand = scheduler.demand(for: WorkerKind(time: life), guess: 1)
        demand.attendants = jobs.sorted { $0.key < $1.key }.compactMap { id, job in
            job.worker.map { .init(job: id, isIdle: scheduler.isIdle($0)) }
        }
        return demand
    }

    private mutating func turnGrowth() {
        var event = Growth.Event.ticked
        if let (action, until) = errand, until <= now {
            errand = nil
            event = outcome(of: action)
        }
        let demand = demand
        for action in growth.handle(event, demand: demand, at: now) {
            switch action {
            case .list, .stop: errand = (action, now + generator.seconds(0.1...2))
            case .start(let count):
                errand = (action, now + generator.seconds(0.1...2))
                starts.append(now)
                check(count, demand)
            case .dismiss(let id): expire(id)
            case .say(let notice): notices.append(notice)
            }
        }
    }

    private mutating func check(_ count: Int, _ demand: Demand) {
        if jobs.count + count > maximum {
            complaints.append("\(now): \(count) more than \(jobs.count) of \(maximum)")
        }
        let pending = jobs.values.count { $0.worker == nil }
        if pending + demand.attendants.count + count > demand.unfinished {
            complaints.append("\(now): \(count) more for \(demand.unfinished) tasks")
        }
    }

    private mutating func outcome(of action: Growth.Action) -> Growth.Event {
        switch action {
        case .list:
            if trouble == .deafLists, generator.chance(0.5) { return .failed(reason: "no answer") }
            return .listed(jobs.mapValues { $0.runningSince == nil ? .queued : .running })
        case .stop(let ids):
            for id in ids { expire(id) }
            return .stopped
        case .start(let count):
            if trouble == .failingStarts, generator.chance(0.5) {
                return .failed(reason: "refused")
            }
            return .started((0..<count).map { _ in submit() })
        case .dismiss, .say: preconditionFailure("no order to the launcher")
        }
    }

    private mutating func submit() -> JobID {
        submitted += 1
        let id = "j\(submitted)"
        let nature: Job.Nature =
            switch trouble {
            case .barrenJobs where generator.chance(0.4): .barren
            case .muteWorkers where generator.chance(0.3): .mute
            default: .healthy
            }
        let wait = trouble == .slowQueue ? generator.seconds(0...600) : generator.seconds(0...5)
        jobs[id] = Job(nature: nature, startsAt: now + wait)
        return id
    }
}
