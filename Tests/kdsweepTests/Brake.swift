import Foundation
import Synchronization

/// Makes processes as slow as on a much slower machine, until it is released: what happens to a
/// sweep then happens during the work, however fast this machine is.
final class Brake: Sendable {
    private let pids: [pid_t]
    private let isReleased = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)

    init(_ pids: [pid_t]) {
        self.pids = pids
        Thread.detachNewThread { [self] in
            while isHolding {
                send(SIGSTOP)
                for _ in 0..<24 where isHolding { usleep(10_000) }
                send(SIGCONT)
                usleep(10_000)
            }
            ended.signal()
        }
    }

    /// Returns when the processes go on at their usual speed. May be called again.
    func release() {
        isReleased.store(true, ordering: .relaxed)
        ended.wait()
        ended.signal()
    }

    private var isHolding: Bool {
        !isReleased.load(ordering: .relaxed) && pids.contains(where: isRunning)
    }

    private func send(_ signal: Int32) {
        for pid in pids where isRunning(pid) { kill(pid, signal) }
    }
}
