import Foundation
import Synchronization

/// Makes processes as slow as on a much slower machine, until it is released: what happens to a
/// sweep then happens during the work, however fast this machine is.
final class Brake: Sendable {
    private let pids: @Sendable () -> [pid_t]?
    private let isReleased = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)

    /// Lets go by itself once all of them have ended.
    convenience init(_ pids: [pid_t], centiseconds: Int = 24) {
        self.init({ pids.contains(where: isRunning) ? pids : nil }, centiseconds: centiseconds)
    }

    /// - Parameters:
    ///   - pids: gives those that are there, asked in each round; nil: none will come any more.
    ///   - centiseconds: of rest in a round, in which they work for one.
    ///   - getsHeadway: the one is of a processor's time, so that a crowded machine keeps none from going on. By
    ///     the clock they last the longer, the more crowded it is.
    init(
        _ pids: @escaping @Sendable () -> [pid_t]?, centiseconds: Int = 24,
        getsHeadway: Bool = false
    ) {
        self.pids = pids
        Thread.detachNewThread { [self] in
            while !isFree, let held = pids() {
                send(SIGSTOP, to: held)
                for _ in 0..<(held.isEmpty ? 1 : centiseconds) where !isFree { usleep(10_000) }
                let start = Self.processorTime(of: held)
                send(SIGCONT, to: held)
                usleep(10_000)
                guard getsHeadway else { continue }
                for _ in 1..<Self.longestWork
                where Self.processorTime(of: held) - start < Self.work { usleep(10_000) }
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

    private static let work = Duration.milliseconds(10)
    /// In hundredths of a second: workers that wait for something have no use for a processor.
    private static let longestWork = 10

    /// Of all of them and their threads, to the nanosecond.
    private static func processorTime(of pids: [pid_t]) -> Duration {
        pids.reduce(.zero) { sum, pid in
            var (clock, time) = (clockid_t(), timespec())
            guard clock_getcpuclockid(pid, &clock) == 0, clock_gettime(clock, &time) == 0 else {
                return sum
            }
            return sum + .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
        }
    }

    private var isFree: Bool { isReleased.load(ordering: .relaxed) }

    private func send(_ signal: Int32, to pids: [pid_t]) {
        for pid in pids where isRunning(pid) { kill(pid, signal) }
    }
}
