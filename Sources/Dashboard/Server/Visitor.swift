import Foundation

/// Somebody who is connected to the page's address. The socket is closed by `leave`.
struct Visitor {
    enum Phase {
        case asking(head: [UInt8], since: ContinuousClock.Instant)
        /// What the server has said and the visitor not taken yet; nil for a server that has ended.
        case served(server: CInt?, rest: ArraySlice<UInt8>)
    }

    let socket: CInt
    var phase: Phase

    /// The other side will send no more: Linux' POLLRDHUP.
    static let hangUp: Int16 = 0x2000

    var isAsking: Bool {
        if case .asking = phase { true } else { false }
    }

    /// The visitor's own, and the server's.
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

    /// Says why in a line, without waiting for who doesn't listen.
    func dismiss(with status: String) {
        let text = "HTTP/1.1 \(status)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        _ = send(socket, text, text.utf8.count, CInt(MSG_NOSIGNAL))
        leave()
    }
}
