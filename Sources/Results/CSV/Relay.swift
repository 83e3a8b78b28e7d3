import Dispatch
import Synchronization

/// Does jobs on another thread, one at a time and in order.
final class Relay: Sendable {
    private let queue = DispatchQueue(label: "relay")
    /// Why a job has failed; no job is taken after that.
    private let failure = Mutex<(any Error)?>(nil)

    /// Waits for the job before, and has this one done while the caller goes on.
    ///
    /// - Throws: what an earlier job has thrown.
    func handOver(_ job: @escaping @Sendable () throws -> Void) throws {
        try finish()
        queue.async {
            do { try job() } catch { self.failure.withLock { $0 = error } }
        }
    }

    /// Returns when every job is done.
    ///
    /// - Throws: what an earlier job has thrown.
    func finish() throws {
        queue.sync {}
        if let failure = failure.withLock({ $0 }) { throw failure }
    }
}
