import Scheduling
import Seeded
import Sweep

@testable import Cluster

/// A worker process: its workbench, which is under test, and a solver that takes its time.
struct SimulatedWorker {
    /// How many times as long as the others it takes.
    let slowness: Double
    var bench: Workbench
    var session: Int
    /// What the solver has before it.
    var jobs: [(task: TaskID, alone: Bool)] = []
    /// What it has begun together, the one that it is at first.
    var begun: [TaskID] = []
    /// Of those begun together, what is said when all are done.
    var outcomes: [Workbench.Event] = []
}

/// The workers' side: a shell around each workbench.
extension Simulation {
    mutating func spawn() {
        spawned += 1
        let slowness = Double.random(in: 1...3, using: &generator)
        let limits = newLimits()
        let machine = Machine(
            host: "head", pid: spawned, cores: 64,
            memory: limits.memory.isFinite ? UInt64(limits.memory) : 1 << 50)
        let bench = Workbench(
            id: WorkerID(high: UInt64(spawned) << 32, low: 0), machine: machine,
            timing: Self.timing, limits: .init(time: limits.until.map { $0 - now }), now: now)
        workers[spawned] = SimulatedWorker(
            slowness: slowness, bench: bench, session: connect(spawned))
        happen(.connected, to: spawned)
        plan(.pulse(spawned), at: now + .seconds(0.5))
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

    mutating func pulse(_ pid: Int32) {
        guard workers[pid] != nil else { return }
        happen(.ticked, to: pid)
        plan(.pulse(pid), at: now + .seconds(0.5))
    }

    mutating func deliver(_ bytes: [UInt8], to pid: Int32) {
        guard let order = try? Order(encoded: bytes) else {
            return complaints.append("an order can't be read")
        }
        happen(.received(order), to: pid)
    }

    /// What was in the old connection's buffers is gone.
    mutating func reconnect(_ pid: Int32) {
        guard let worker = workers[pid], connections[worker.session].isCut else { return }
        workers[pid]!.session = connect(pid)
        happen(.connected, to: pid)
    }

    mutating func solve(_ task: TaskID, by pid: Int32) {
        guard workers[pid]?.begun.first == task else { return }
        let block = Self.sweep.tasks[task]
        switch tasks[task]!.nature {
        case .healthy:
            do throws(Malformed) {
                let rows = try PackedRows(
                    rows(of: block), of: block, metrics: Self.sweep.metrics,
                    sweepDigest: Self.digest, seconds: 1)
                workers[pid]!.outcomes.append(.solved(rows))
            } catch {
                complaints.append("task \(task) can't be packed: \(error)")
            }
        case .singular:
            workers[pid]!.outcomes.append(.failed(task, reason: "diverges"))
        case .poisonous: preconditionFailure("a poisonous task is never solved")
        }
        workers[pid]!.begun.removeFirst()
        if workers[pid]!.begun.isEmpty {
            let outcomes = workers[pid]!.outcomes
            workers[pid]!.outcomes = []
            for outcome in outcomes { happen(outcome, to: pid) }
            beginNext(pid)
        } else {
            run(pid)
        }
    }

    /// Begins the next task, with others if none of them is to be alone.
    private mutating func beginNext(_ pid: Int32) {
        guard let worker = workers[pid], worker.begun.isEmpty, let first = worker.jobs.first else {
            return
        }
        let most = first.alone ? 1 : Int.random(in: 1...3, using: &generator)
        let together = worker.jobs.prefix(most).prefix { first.alone || !$0.alone }.map(\.task)
        workers[pid]!.jobs.removeFirst(together.count)
        workers[pid]!.begun = together
        for task in together { happen(.began(task), to: pid) }
        run(pid)
    }

    private mutating func run(_ pid: Int32) {
        guard let worker = workers[pid], let task = worker.begun.first else { return }
        let duration = tasks[task]!.duration * worker.slowness
        switch tasks[task]!.nature {
        case .healthy, .singular: plan(.solved(pid, task), at: now + duration)
        case .poisonous: plan(.poisoned(pid, task), at: now + min(duration, .seconds(0.1)))
        }
    }

    /// Tells the worker's bench, and does what it wants done.
    mutating func happen(_ event: Workbench.Event, to pid: Int32) {
        guard workers[pid] != nil else { return }
        for action in workers[pid]!.bench.handle(event, at: now) {
            switch action {
            case .send(let report): carry(report, in: workers[pid]!.session)
            case .reconnect:
                connections[workers[pid]!.session].isCut = true
                workers[pid]!.session = connect(pid)
                happen(.connected, to: pid)
            case .prepare: break
            case .solve(let block, let alone):
                workers[pid]!.jobs.append((block.number, alone))
                beginNext(pid)
            case .cancel(let task): workers[pid]!.jobs.removeAll { $0.task == task }
            case .end(let ending): end(pid, as: ending)
            }
        }
    }

    private mutating func end(_ pid: Int32, as ending: Worker.Ending) {
        switch ending {
        case .dismissed, .expired: break
        case .stopped, .idle, .orphaned, .refused, .unprepared:
            complaints.append("worker \(pid) ends as \(ending)")
        }
        workers[pid] = nil
        plan(.spawn, at: now + generator.seconds(0.5...3))
    }
}
