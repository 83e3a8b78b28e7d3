import Foundation

/// Standard output, which gets the command's result and nothing else.
enum Output {
    /// - Throws: `ExitStatus.failed`, after saying why, if it can't be written, as on a full disk. A reader
    ///   that has seen enough and gone, as `head` does, is no failure.
    static func print(_ text: String, terminator: String = "\n") throws {
        var rest = Array((text + terminator).utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                write(STDOUT_FILENO, $0.baseAddress, $0.count)
            }
            // What follows sets errno too.
            let fault = errno
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if fault == EPIPE {
                return
            } else if fault == EAGAIN {
                var item = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                poll(&item, 1, -1)
            } else if fault != EINTR {
                Console.shared.line(
                    "kdsweep: standard output can't be written: \(String(cString: strerror(fault)))"
                )
                throw ExitStatus.failed
            }
        }
    }
}
