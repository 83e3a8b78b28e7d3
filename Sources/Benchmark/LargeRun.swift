import Glibc
import HeapModule
import Scheduling
import Seeded

/// A run of the scheduler alone, with simulated workers: each event comes at its time, and each action reaches
/// its worker at once.
struct LargeRun {
    struct Entry: Comparable {
        var at: Duration
        var number: Int
        var event: Event
        static func < (a: Entry, b: Entry) -> Bool { (a.at, a.number) < (b.at, b.number) }
    }

    private(set) var scheduler: Scheduler
    private(set) var events = 0
    private(set) var accepted = 0
    var hasEnded: Bool { scheduler.isFinished }
    private var now = Duration.zero
    private var generator = SeededGenerator(seed: 1)
    private var agenda = Heap<Entry>()
    private var entries = 0
    private var queues: [WorkerID: [TaskID]] = [:]
    private let needs: [TaskID: Need]

    /// Tasks have as many different memory needs as those of a large sweep. Workers have several sizes, and a
    /// tenth of them little time; the first worker can do every task.
    init(workers: Int, tasks: Int) {
        var generator = SeededGenerator(seed: 2)
        var needs: [TaskID: Need] = [:]
        for task in 0..<tasks {
            needs[task] = Need(
                work: .random(in: 0.5...10, using: &generator),
                memory: 1e9 * Double(Int.random(in: 1...20, using: &generator)))
        }
        self.needs = needs
        scheduler = Scheduler(needs: needs, now: .zero)
        plan(.ticked, at: .zero)
        for worker in 1...workers {
            let id = WorkerID(high: UInt64(worker), low: 0)
            queues[id] = []
            let limits =
                worker == 1
                ? Limits()
                : Limits(
                    memory: 1e9 * [8, 16, 24, 32].randomElement(using: &generator)!,
                    until: generator.chance(0.1) ? generator.seconds(5...60) : nil)
            plan(.joined(id, held: [], limits: limits), at: .zero)
            plan(.heard(id), at: generator.seconds(0...4))
        }
    }

    /// Runs to the end.
    ///
    /// - Returns: mean processor time of an event, heartbeats and second leases included.
    mutating func run() -> Duration {
        let start = Self.processorTime
        while let (event, time) = next() { perform(scheduler.handle(event, at: time)) }
        return (Self.processorTime - start) / events
    }

    private static var processorTime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    private mutating func plan(_ event: Event, at time: Duration) {
        entries += 1
        agenda.insert(Entry(at: time, number: entries, event: event))
    }

    private mutating func next() -> (Event, Duration)? {
        guard !hasEnded, let entry = agenda.popMin() else { return nil }
        events += 1
        now = entry.at
        switch entry.event {
        case .ticked: plan(.ticked, at: now + .seconds(0.5))
        case .heard(let worker): plan(.heard(worker), at: now + .seconds(4))
        case .finished(let task, let worker):
            if scheduler.isOpen(task) { accepted += 1 }
            forget(task, at: worker)
        case .started(let task, let worker):
            plan(.finished(task, by: worker), at: now + .seconds(needs[task]!.work))
        case .joined, .failed, .released, .dropped, .left, .died, .wanted: break
        }
        return (entry.event, now)
    }

    private mutating func perform(_ actions: [Action]) {
        for action in actions {
            switch action {
            case .assign(let task, let worker):
                queues[worker]!.append(task)
                if queues[worker]!.count == 1 { plan(.started(task, by: worker), at: now) }
            case .discard(let task, let worker): forget(task, at: worker)
            case .fail, .suspect, .misfit:
                preconditionFailure("\(action) in a run without trouble")
            }
        }
    }

    /// Removes the task from the worker's queue. If it was the first, the worker begins its next one.
    private mutating func forget(_ task: TaskID, at worker: WorkerID) {
        let wasFirst = queues[worker]!.first == task
        queues[worker]!.removeAll { $0 == task }
        if wasFirst, let next = queues[worker]!.first { plan(.started(next, by: worker), at: now) }
    }
}
