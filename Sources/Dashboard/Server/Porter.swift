import Foundation
import Synchronization

/// Accepts the page's connections, reads one request of each, and passes it to the page's server if its head is
/// complete and not too long. The server, FlyingFox, would read lines of any length, in time that grows with
/// the square of the length, on threads that the rest of the process needs. The porter reads what strangers
/// send on a thread of its own, and no more than `longestHead` bytes of it.
final class Porter: Sendable {
    /// The most bytes of a request's head, and of a line in it.
    static let longestHead = 16 << 10
    static let longestLine = 8 << 10
    /// How long a visitor may take to send the head.
    static let patience = Duration.seconds(10)
    /// The most visitors whose request isn't complete; if more come, those that have waited longest are cut.
    static let mostSilent = 64
    /// The most visitors that are being answered.
    static let mostServed = 128
    /// How many visitors are let in each second, which bounds what strangers cost; and how many at once after a
    /// pause, as several viewers may come together, and each page asks for some files.
    static let rate = 25.0
    static let burst = 50.0
    /// How long visitors that are being answered have at the end to receive the rest.
    static let farewell = Duration.milliseconds(500)

    /// The port on which it listens; the actual one if 0 was asked for.
    let port: UInt16
    let isLoopback: Bool
    private let isEnding = Atomic(false)
    private let wake: CInt
    private let hasEnded = DispatchSemaphore(value: 0)

    /// Listens at once.
    ///
    /// - Parameter server: the path of the socket that the server listens at.
    /// - Throws: `DashboardError` that says what would be right.
    init(at address: WebAddress, before server: String) throws(DashboardError) {
        let place = try address.resolved()
        let listener = try place.listen(address)
        var ends: [CInt] = [0, 0]
        guard pipe(&ends) == 0 else {
            close(listener)
            throw DashboardError(address, because: String(cString: strerror(errno)))
        }
        for end in ends { Self.keepToItself(end) }
        (port, isLoopback) = (ResolvedAddress.port(of: listener), place.isLoopback)
        wake = ends[1]
        let hall = Hall(listener: listener, bell: ends[0], server: server)
        let thread = Thread { [self] in
            hall.keep(until: { self.isEnding.load(ordering: .relaxed) })
            hasEnded.signal()
        }
        thread.name = "porter"
        thread.start()
    }

    /// Makes a descriptor that no child inherits and that never blocks.
    static func keepToItself(_ descriptor: CInt) {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    /// Lets no one in any more. Returns once the visitors that are being answered have received everything, or
    /// `farewell` is over. A second call does nothing.
    func end() {
        guard !isEnding.exchange(true, ordering: .relaxed) else { return }
        var byte: UInt8 = 1
        _ = write(wake, &byte, 1)
        _ = hasEnded.wait(timeout: .now() + 2 * (Self.farewell / .seconds(1)))
        close(wake)
    }
}

/// The visitors that are there. Used by the porter's thread only.
private final class Hall: @unchecked Sendable {
    private let listener: CInt
    private let bell: CInt
    private let server: String
    private var visitors: [Visitor] = []
    /// How many may be let in now.
    private var allowance = Porter.burst
    private var refilledAt = ContinuousClock.now

    init(listener: CInt, bell: CInt, server: String) {
        (self.listener, self.bell, self.server) = (listener, bell, server)
    }

    func keep(until isEnding: () -> Bool) {
        while !isEnding() { turn(isOpen: true) }
        close(listener)
        let begun = ContinuousClock.now
        for visitor in visitors where visitor.isAsking { visitor.leave() }
        visitors.removeAll { $0.isAsking }
        while !visitors.isEmpty, ContinuousClock.now - begun < Porter.farewell {
            turn(isOpen: false)
        }
        for visitor in visitors { visitor.leave() }
        close(bell)
    }

    private func turn(isOpen: Bool) {
        let now = ContinuousClock.now
        allowance = min(Porter.burst, allowance + (now - refilledAt) / .seconds(1) * Porter.rate)
        refilledAt = now
        let mayEnter = isOpen && allowance >= 1
        var items = [pollfd(fd: bell, events: Int16(POLLIN), revents: 0)]
        items.append(pollfd(fd: mayEnter ? listener : -1, events: Int16(POLLIN), revents: 0))
        // Each visitor has two entries, so that its index follows from theirs.
        for visitor in visitors { items += visitor.pollItems }
        guard poll(&items, nfds_t(items.count), mayEnter || !isOpen ? 200 : 40) >= 0 else { return }
        var present: [Visitor] = []
        for (number, visitor) in visitors.enumerated() {
            let events = (items[2 + 2 * number].revents, items[3 + 2 * number].revents)
            if let still = attend(visitor, events, now) { present.append(still) }
        }
        visitors = present
        if items[1].revents != 0 { letIn(now) }
        makeRoom()
        if items[0].revents != 0 {
            var bytes = [UInt8](repeating: 0, count: 16)
            _ = read(bell, &bytes, bytes.count)
        }
    }

    private func letIn(_ now: ContinuousClock.Instant) {
        while allowance >= 1 {
            let socket = accept(listener, nil, nil)
            guard socket >= 0 else { return }
            Porter.keepToItself(socket)
            allowance -= 1
            visitors.append(Visitor(socket: socket, phase: .asking(head: [], since: now)))
        }
    }

    private func makeRoom() {
        var surplus = visitors.count { $0.isAsking } - Porter.mostSilent
        visitors.removeAll { visitor in
            guard surplus > 0, visitor.isAsking else { return false }
            surplus -= 1
            visitor.leave()
            return true
        }
    }

    /// Does what a visitor's events ask for; nil if the visitor is gone afterwards.
    private func attend(
        _ visitor: Visitor, _ events: (own: Int16, server: Int16), _ now: ContinuousClock.Instant
    ) -> Visitor? {
        switch visitor.phase {
        case .asking(let head, let since):
            if events.own != 0 { return listen(to: visitor, head, since) }
            guard now - since >= Porter.patience else { return visitor }
            visitor.leave()
            return nil
        case .served(let server, let rest):
            if events.own & (Int16(POLLHUP | POLLERR) | Visitor.hangUp) != 0 {
                visitor.leave()
                return nil
            }
            guard events.own != 0 || events.server != 0 else { return visitor }
            return serve(visitor, server, rest)
        }
    }

    private func listen(
        to visitor: Visitor, _ head: [UInt8], _ since: ContinuousClock.Instant
    ) -> Visitor? {
        // The buffer is longer than a head may be, so that one read shows whether the head is too long.
        var bytes = [UInt8](repeating: 0, count: Porter.longestHead + 1)
        let count = recv(visitor.socket, &bytes, bytes.count, 0)
        if count < 0, errno == EAGAIN || errno == EINTR { return visitor }
        guard count > 0 else {
            visitor.leave()
            return nil
        }
        let head = head + bytes[..<count]
        switch Head(head) {
        case .partial:
            return Visitor(socket: visitor.socket, phase: .asking(head: head, since: since))
        case .tooLong(let status):
            visitor.dismiss(with: status)
            return nil
        case .whole(let question):
            let served = visitors.count { !$0.isAsking }
            guard served < Porter.mostServed, let server = ask(question) else {
                visitor.dismiss(with: "503 Service Unavailable")
                return nil
            }
            return Visitor(socket: visitor.socket, phase: .served(server: server, rest: []))
        }
    }

    /// Passes a request to the server and returns the connection to it; nil if the server can't take it.
    private func ask(_ question: [UInt8]) -> CInt? {
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { return nil }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: server.utf8) }
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        // The buffer of a new socket takes a head without blocking.
        if isConnected, send(descriptor, question, question.count, 0) == question.count {
            return descriptor
        }
        close(descriptor)
        return nil
    }

    /// Passes the server's answer on. More is read from the server only when the visitor has taken all there
    /// was: so a slow visitor keeps the server waiting, and nothing piles up here.
    private func serve(_ visitor: Visitor, _ server: CInt?, _ rest: ArraySlice<UInt8>) -> Visitor? {
        var (server, rest) = (server, rest)
        if rest.isEmpty, let open = server {
            var bytes = [UInt8](repeating: 0, count: 64 << 10)
            let count = recv(open, &bytes, bytes.count, 0)
            if count < 0, errno == EAGAIN || errno == EINTR { return visitor }
            if count > 0 {
                rest = bytes[..<count]
            } else {
                close(open)
                server = nil
            }
        }
        if !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(visitor.socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            let isGone = count < 0 && errno != EAGAIN && errno != EINTR
            rest = isGone ? [] : rest.dropFirst(max(0, count))
            if isGone {
                if let server { close(server) }
                server = nil
            }
        }
        guard server != nil || !rest.isEmpty else {
            close(visitor.socket)
            return nil
        }
        return Visitor(socket: visitor.socket, phase: .served(server: server, rest: rest))
    }
}
