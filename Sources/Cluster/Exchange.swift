import Foundation
import Scheduling
import Sweep
import Synchronization

/// Between a worker's two threads: jobs one way, what became of them the other.
final class Exchange: Sendable {
    enum Job: Sendable {
        case prepare(Sweep, table: Data?, threads: Int)
        case solve(Block)
    }

    private struct State {
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
                case .solve(let block): block.number == task
                case .prepare: false
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

    /// The solver may go on: the coordinator is told that it began.
    func confirmBeginning() { beginningIsSaid.signal() }

    /// The solver ends after the task that it is at.
    func close() {
        state.withLock { $0.isClosed = true }
        jobsCame.signal()
        beginningIsSaid.signal()
    }

    // MARK: For the thread that solves

    /// Waits for a job; nil once the exchange is closed.
    func takeJob() -> Job? {
        while true {
            jobsCame.wait()
            let (job, isClosed) = state.withLock { state in
                (state.jobs.isEmpty ? nil : state.jobs.removeFirst(), state.isClosed)
            }
            if isClosed { return nil }
            // A cancelled job leaves its signal behind.
            if let job { return job }
        }
    }

    /// Returns when the beginning is on its way: a task that kills its worker at once must not be
    /// thought never to have begun.
    func begin(_ task: TaskID) {
        post(.began(task))
        beginningIsSaid.wait()
    }

    func post(_ event: Workbench.Event) {
        let wasEmpty = state.withLock { state in
            defer { state.events.append(event) }
            return state.events.isEmpty
        }
        if wasEmpty { bell.ring() }
    }
}
