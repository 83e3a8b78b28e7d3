import Foundation
import Host
import Synchronization

/// Wakes a poll loop from another thread or a signal handler. Several rings before an answer count as one.
public final class Doorbell: Sendable {
    /// Readable once the bell has rung.
    let descriptor: CInt
    /// What is written to when the bell is rung.
    public let button: CInt

    /// - Throws: `SystemError` if the process has no descriptor left.
    public init() throws(SystemError) {
        let pipe = try ChildProcess.pipe()
        (descriptor, button) = (pipe.reading, pipe.writing)
        for end in [descriptor, button] {
            _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
        }
    }

    deinit {
        close(descriptor)
        close(button)
    }

    public func ring() { Self.ring(button) }

    /// Rings the bell with this button, if there is one. Safe in a signal handler, as it uses no object.
    public static func ring(_ button: CInt) {
        var byte: UInt8 = 1
        // If the pipe is full the write fails, which does no harm: earlier rings are still unanswered.
        _ = write(button, &byte, 1)
    }

    /// Whether the bell has rung since it was last asked.
    func answer() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 256)
        var hasRung = false
        while read(descriptor, &bytes, bytes.count) > 0 { hasRung = true }
        return hasRung
    }
}
