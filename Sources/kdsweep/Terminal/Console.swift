import Foundation
import Synchronization

/// Standard error, shared by the log and the progress: on a terminal the last line is redrawn in
/// place, and what is logged meanwhile goes above it.
final class Console: Sendable {
    static let shared = Console()

    let isTerminal = isatty(STDERR_FILENO) == 1

    /// What the redrawn last line shows now; empty if there is none.
    private let status = Mutex("")
    /// Whether the reader took nothing when something was last to be written.
    private let isStuck = Atomic(false)

    func line(_ text: String) {
        status.withLock { status in
            write(erasing(status) + text + "\n" + status)
        }
    }

    /// Redraws the last line of a terminal; an empty text removes it.
    func show(_ text: String) {
        status.withLock { status in
            write(erasing(status) + text)
            status = text
        }
    }

    /// Columns of the terminal.
    var width: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    private func erasing(_ status: String) -> String { status.isEmpty ? "" : "\r\u{1B}[K" }

    /// Writes what can be written and drops the rest, so that a full disk, a closed terminal, or a reader
    /// that has gone or takes nothing neither ends the run nor makes it wait.
    private func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty, isWritable {
            // A pipe that polls as writable takes PIPE_BUF bytes without blocking.
            let count = rest.prefix(4096).withUnsafeBytes {
                Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count)
            }
            guard count > 0 || count < 0 && [EINTR, EAGAIN].contains(errno) else { return }
            rest = rest.dropFirst(max(0, count))
        }
    }

    /// Whether there is room to write within 100 ms; or now, if there was none the last time, so that a
    /// reader that takes nothing costs that wait only once.
    private var isWritable: Bool {
        let patience: Int32 = isStuck.load(ordering: .relaxed) ? 0 : 100
        var item = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        let isReady = poll(&item, 1, patience) > 0
        isStuck.store(!isReady, ordering: .relaxed)
        return isReady
    }
}
