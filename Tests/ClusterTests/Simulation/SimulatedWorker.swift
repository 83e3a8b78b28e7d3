import Scheduling
import Seeded
import Sweep

@testable import Cluster

/// A worker process: its workbench, which is under test, and a solver that takes its time.
struct SimulatedWorker {
    enum Job {
        case prepare(Edition)
        case solve(Block, alone: Bool)
    }

    /// A task that the solver is at, under the sweep that it was begun under.
    struct Begun {
        /// Tells it from the same task, begun again.
        var number: Int
        var block: Block
        var edition: Edition
    }

    /// How many times as long as the others it takes.
    let slowness: Double
    var bench: Workbench
    var session: Int
    /// What the solver has before it.
    var jobs: [Job] = []
    /// What it has made ready for.
    var edition: Edition?
    var begunCount = 0
    /// What it has begun together, the one that it is at first.
    var begun: [Begun] = []
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

    mutating func solve(_ job: Int, by pid: Int32) {
        guard let begun = workers[pid]?.begun.first, begun.number == job else { return }
        let (block, edition) = (begun.block, begun.edition)
        if edition.digest != self.edition.digest { lateSolves += 1 }
        switch nature(ofSeed: block.seed, revision: edition.revision) {
        case .healthy:
            do throws(Malformed) {
                let rows = try PackedRows(
                    edition.rows(of: block), of: block, metrics: edition.sweep.metrics,
                    sweepDigest: edition.digest, seconds: 1, threads: edition.threads)
                workers[pid]!.outcomes.append(.solved(rows))
            } catch {
                complaints.append("seed \(block.seed) can't be packed: \(error)")
            }
        case .singular:
            workers[pid]!.outcomes.append(
                .failed(block.number, of: edition.digest, reason: "diverges"))
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

    /// Makes ready for another sweep where that comes next, and begins the next task, with others if
    /// none of them is to be alone.
    private mutating func beginNext(_ pid: Int32) {
        guard workers[pid]?.begun.isEmpty == true else { return }
        while case .prepare(let edition)? = workers[pid]!.jobs.first {
            workers[pid]!.edition = edition
            workers[pid]!.jobs.removeFirst()
        }
        guard case .solve(_, let isAlone)? = workers[pid]!.jobs.first else { return }
        let most = isAlone ? 1 : Int.random(in: 1...3, using: &generator)
        var together: [Block] = []
        for job in workers[pid]!.jobs.prefix(most) {
            guard case .solve(let block, let alone) = job, alone == isAlone else { break }
            together.append(block)
        }
        workers[pid]!.jobs.removeFirst(together.count)
        guard let edition = workers[pid]!.edition else {
            return complaints.append("worker \(pid) solves before it has a sweep")
        }
        for block in together {
            workers[pid]!.begunCount += 1
            workers[pid]!.begun.append(
                .init(number: workers[pid]!.begunCount, block: block, edition: edition))
        }
        for block in together { happen(.began(block.number, of: edition.digest), to: pid) }
        run(pid)
    }

    private mutating func run(_ pid: Int32) {
        guard let worker = workers[pid], let begun = worker.begun.first else { return }
        let duration = (tasks[begun.block.seed]?.duration ?? .zero) * worker.slowness
        switch nature(ofSeed: begun.block.seed, revision: begun.edition.revision) {
        case .healthy, .singular: plan(.solved(pid, begun.number), at: now + duration)
        case .poisonous: plan(.poisoned(pid, begun.number), at: now + min(duration, .seconds(0.1)))
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
            case .prepare(let sweep, let threads):
                workers[pid]!.jobs.append(.prepare(edition(of: sweep, threads: threads)))
            case .solve(let block, let alone):
                workers[pid]!.jobs.append(.solve(block, alone: alone))
                beginNext(pid)
            case .cancel(let task):
                workers[pid]!.jobs.removeAll { job in
                    if case .solve(let block, _) = job { block.number == task } else { false }
                }
            case .attach, .say: break
            case .end(let ending): end(pid, as: ending)
            }
        }
    }

    /// The edition that a worker has been sent.
    private mutating func edition(of sweep: Sweep, threads: Int) -> Edition {
        guard var known = editions[sweep.digest] else {
            complaints.append("a worker has a sweep that nobody has")
            return edition
        }
        known.threads = threads
        return known
    }

    private mutating func end(_ pid: Int32, as ending: Worker.Ending) {
        switch ending {
        case .dismissed, .expired: break
        case .stopped, .idle, .orphaned, .refused, .unprepared, .miscalculated:
            complaints.append("worker \(pid) ends as \(ending)")
        }
        workers[pid] = nil
        plan(.spawn, at: now + generator.seconds(0.5...3))
    }
}
