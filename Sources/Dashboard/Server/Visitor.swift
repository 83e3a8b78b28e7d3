import Foundation

/// A connection to the page's address. `leave` closes its socket.
struct Visitor {
    enum Phase {
        case asking(head: [UInt8], since: ContinuousClock.Instant)
        /// `server` is the connection to the server, nil once its answer has ended; `rest` is what the server has
        /// sent and the visitor hasn't taken yet.
        case served(server: CInt?, rest: ArraySlice<UInt8>)
    }

    let socket: CInt
    var phase: Phase

    /// Linux' POLLRDHUP: the other side has closed, and will send no more.
    static let hangUp: Int16 = 0x2000

    var isAsking: Bool {
        if case .asking = phase { true } else { false }
    }

    /// What to poll for: at the visitor's socket, and at the server's.
    var pollItems: [pollfd] {
        switch phase {
        case .asking:
            [
                pollfd(fd: socket, events: Int16(POLLIN), revents: 0),
                pollfd(fd: -1, events: 0, revents: 0),
            ]
        case .served(let server, let rest):
            [
                pollfd(
                    fd: socket, events: rest.isEmpty ? Self.hangUp : Self.hangUp | Int16(POLLOUT),
                    revents: 0),
                pollfd(fd: rest.isEmpty ? server ?? -1 : -1, events: Int16(POLLIN), revents: 0),
            ]
        }
    }

    func leave() {
        close(socket)
        if case .served(let server?, _) = phase { close(server) }
    }

    /// Sends the status and closes the connection, without waiting until the visitor has read it.
    func dismiss(with status: String) {
        let text = "HTTP/1.1 \(status)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        _ = send(socket, text, text.utf8.count, CInt(MSG_NOSIGNAL))
        leave()
    }
}
