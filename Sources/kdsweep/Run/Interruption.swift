import Cluster
import Foundation
import Synchronization

/// Turns Ctrl-C and other signals into a bell that a loop listens for.
///
/// The signal handler itself rings the bell, so a signal is heard however busy the threads are. A second
/// Ctrl-C (SIGINT) ends the process at once, but only if it comes a second or more after the first, since
/// a key may bounce; a second SIGHUP never does, since a closing terminal sends two. A signal that the
/// process was started to ignore, as `nohup` does with SIGHUP and a script's `&` with SIGINT, stays ignored.
///
/// A process may have only one at a time.
final class Interruption {
    let doorbell: Doorbell

    /// - Throws: `SystemError` if the process has no descriptor left.
    init(_ signals: [Int32] = [SIGINT, SIGTERM, SIGHUP]) throws {
        doorbell = try Doorbell()
        Heard.shared.button.store(doorbell.button, ordering: .sequentiallyConsistent)
        for signal in signals {
            var old = sigaction()
            sigaction(signal, nil, &old)
            if old.__sigaction_handler.sa_handler.map({
                unsafeBitCast($0, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
            }) ?? false {
                continue
            }
            var new = sigaction()
            new.__sigaction_handler.sa_handler = hear
            new.sa_flags = SA_RESTART
            sigaction(signal, &new, nil)
        }
    }

    /// Whether a signal has come, whether or not the bell has been answered since.
    var hasCome: Bool { Heard.shared.hasCome.load(ordering: .relaxed) }

    deinit { Heard.shared.button.store(-1, ordering: .sequentiallyConsistent) }
}

/// What the handler and the rest of the process share.
private struct Heard: ~Copyable {
    static let shared = Heard()

    /// The descriptor of the bell's button; -1 if there is no bell.
    let button = Atomic<Int32>(-1)
    let hasCome = Atomic(false)
    /// When the first SIGINT came, in nanoseconds of the monotonic clock; 0 before.
    let interruptedAt = Atomic<Int>(0)
}

/// The signal handler. It may interrupt any code, so it allocates no memory and takes no lock.
private func hear(_ signal: Int32) {
    let code = errno
    defer { errno = code }
    if signal == SIGINT {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let now = time.tv_sec * 1_000_000_000 + time.tv_nsec
        let (isFirst, first) = Heard.shared.interruptedAt.compareExchange(
            expected: 0, desired: now, ordering: .relaxed)
        if !isFirst, now - first >= 1_000_000_000 { _exit(ExitStatus.interrupted.rawValue) }
    }
    Heard.shared.hasCome.store(true, ordering: .relaxed)
    Doorbell.ring(Heard.shared.button.load(ordering: .relaxed))
}
