import Foundation

/// Wakes a poll loop from another thread.
final class Bell: Sendable {
    /// Readable once the bell has rung.
    let descriptor: CInt
    private let button: CInt

    /// Nil if the process has no descriptor left, with `errno` set.
    init?() {
        var ends: [CInt] = [-1, -1]
        guard socketpair(AF_UNIX, ListeningSocket.kind, 0, &ends) == 0 else { return nil }
        (descriptor, button) = (ends[0], ends[1])
    }

    deinit {
        close(descriptor)
        close(button)
    }

    func ring() {
        var byte: UInt8 = 1
        send(button, &byte, 1, CInt(MSG_NOSIGNAL))
    }
}
