import Foundation
import Host
import Scheduling
import Sweep
import Synchronization

/// Passes jobs from a worker's thread that talks to the one that solves, and back what became of them.
final class Exchange: Sendable {
    enum Job: Sendable {
        case prepare(Sweep, threads: Int)
        case attach(Data, digest: String)
        case solve(Block, alone: Bool)
    }

    /// What the solver does next.
    enum Batch: Sendable {
        case prepare(Sweep, threads: Int)
        case attach(Data, digest: String)
        /// At least one.
        case solve([Block])
    }

    fileprivate struct State {
        var jobs: [Job] = []
        var events: [Workbench.Event] = []
        var isClosed = false
    }

    /// Rings when something has become of a job.
    let bell: Doorbell
    private let state = Mutex(State())
    private let jobsCame = DispatchSemaphore(value: 0)
    private let beginningIsSaid = DispatchSemaphore(value: 0)

    init() throws(SystemError) { bell = try Doorbell() }

    // MARK: For the thread that talks

    func add(_ job: Job) {
        state.withLock { $0.jobs.append(job) }
        jobsCame.signal()
    }

    /// Has no effect on a task that has begun.
    func cancel(_ task: TaskID) {
        state.withLock { state in
            state.jobs.removeAll { job in
                switch job {
                case .solve(let block, _): block.number == task
                case .prepare, .attach: false
                }
            }
        }
    }

    /// What has happened since the last call.
    func takeEvents() -> [Workbench.Event] {
        state.withLock { state in
            defer { state.events = [] }
            return state.events
        }
    }

    /// The solver may go on, since the coordinator has been told what it began.
    func confirmBeginning() { beginningIsSaid.signal() }

    /// Has the solver end after the tasks that it has begun.
    func close() {
        state.withLock { $0.isClosed = true }
        jobsCame.signal()
        beginningIsSaid.signal()
    }

    // MARK: For the thread that solves

    /// Waits for work; nil once the exchange is closed.
    ///
    /// - Parameter most: tasks to be begun together, if none of them is to be alone.
    func takeWork(most: Int) -> Batch? {
        while true {
            jobsCame.wait()
            let (work, isClosed) = state.withLock { ($0.takeWork(most: most), $0.isClosed) }
            if isClosed { return nil }
            // A job that was cancelled, or taken with another, leaves its signal behind.
            if let work { return work }
        }
    }

    /// Returns once the message that the tasks have begun is on its way. A task that kills its worker at once
    /// would otherwise look as if it had never begun, and the crash wouldn't count against it.
    func begin(_ tasks: [TaskID], of digest: String) {
        post(tasks.map { .began($0, of: digest) })
        beginningIsSaid.wait()
    }

    /// Hands over the events, which the other thread gets together.
    func post(_ events: [Workbench.Event]) {
        let wasEmpty = state.withLock { state in
            defer { state.events += events }
            return state.events.isEmpty
        }
        if wasEmpty { bell.ring() }
    }
}

extension Exchange.State {
    fileprivate mutating func takeWork(most: Int) -> Exchange.Batch? {
        switch jobs.first {
        case nil: return nil
        case .prepare(let sweep, let threads):
            jobs.removeFirst()
            return .prepare(sweep, threads: threads)
        case .attach(let bytes, let digest):
            jobs.removeFirst()
            return .attach(bytes, digest: digest)
        case .solve(let block, alone: true):
            jobs.removeFirst()
            return .solve([block])
        case .solve(_, alone: false):
            var blocks: [Block] = []
            while blocks.count < most, blocks.count < jobs.count,
                case .solve(let block, alone: false) = jobs[blocks.count]
            { blocks.append(block) }
            jobs.removeFirst(blocks.count)
            return .solve(blocks)
        }
    }
}

extension Workbench.Event {
    var isBeginning: Bool {
        if case .began = self { true } else { false }
    }
}
