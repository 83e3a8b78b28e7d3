import Foundation

/// The sockets of those who look at the page: one thread, one poll loop, bounded in what it holds
/// whoever comes and whatever they send or don't read.
struct Server {
    /// A visit and its socket, which is closed with it.
    private final class Line {
        let descriptor: CInt
        var visit: Visit

        init(_ descriptor: CInt, _ visit: Visit) {
            self.descriptor = descriptor
            self.visit = visit
        }

        deinit { close(descriptor) }
    }

    private let bell: Bell
    private let board: Board
    private let site: Site
    private let album: Album
    /// Nil once nobody is let in any more.
    private var entrance: ListeningSocket?
    private var lines: [Line] = []
    private var edition = Edition()
    private var noticed = 0
    private var offerAt = Duration.zero
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant

    static let mostLines = 64
    /// Between two editions.
    static let interval = Duration.milliseconds(500)
    /// For the last edition.
    static let longestEnd = Duration.milliseconds(700)
    /// Of these for a last drawing.
    static let longestDrawing = Duration.milliseconds(400)

    init(entrance: ListeningSocket, bell: Bell, board: Board, site: Site, album: Album) {
        self.entrance = entrance
        self.bell = bell
        self.board = board
        self.site = site
        self.album = album
        start = clock.now
    }

    private var now: Duration { clock.now - start }
    private var viewers: Int { lines.count { $0.visit.isWatching } }

    /// Returns when the last notice has been posted and shown.
    mutating func run() {
        while !board.notice.isLast { turn(wait: lines.isEmpty ? nil : Self.interval) }
        end()
    }

    /// One round: wait, listen, answer, show.
    ///
    /// - Parameter wait: at most; nil: for ever.
    private mutating func turn(wait: Duration?) {
        let ready = poll(for: wait)
        for (line, events) in zip(lines, ready.lines) where events != 0 { read(from: line) }
        if ready.entrance { letIn() }
        if now >= offerAt { show() }
        for line in lines { write(to: line) }
        let time = now
        lines.removeAll { $0.visit.isOver(at: time) }
    }

    private func poll(for wait: Duration?) -> (entrance: Bool, lines: [Int16]) {
        var items = [
            pollfd(fd: entrance?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: entrance == nil ? -1 : bell.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        for line in lines {
            let events = line.visit.outgoing.isEmpty ? POLLIN : POLLIN | POLLOUT
            items.append(pollfd(fd: line.descriptor, events: Int16(events), revents: 0))
        }
        let milliseconds = wait.map { max(1, Int32($0 / .milliseconds(1))) } ?? -1
        _ = Foundation.poll(&items, nfds_t(items.count), milliseconds)
        return (items[0].revents != 0, items.dropFirst(2).map(\.revents))
    }

    /// Whoever is one too many takes the place of the stranger who has been here longest, or goes.
    private mutating func letIn() {
        while let descriptor = entrance?.accept() {
            if lines.count >= Self.mostLines,
                let stranger = lines.firstIndex(where: \.visit.isStranger)
            {
                lines.remove(at: stranger)
            }
            let line = Line(descriptor, Visit(at: now))
            if lines.count < Self.mostLines { lines.append(line) }
        }
    }

    private mutating func read(from line: Line) {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(line.descriptor, &bytes, bytes.count, 0)
        guard count > 0 else {
            if count == 0 || (errno != EAGAIN && errno != EINTR) { drop(line) }
            return
        }
        guard let request = line.visit.receive(bytes.prefix(count), at: now) else { return }
        let answer = site.answer(request, viewers: viewers, snapshot: board.notice.snapshot)
        switch answer {
        case .page(let response, let isHeadOnly):
            line.visit.answer(response, isHeadOnly: isHeadOnly, at: now)
        case .events(let response):
            line.visit.watch(response, at: now)
            offerAt = now
        }
    }

    private mutating func drop(_ line: Line) { lines.removeAll { $0 === line } }

    private mutating func write(to line: Line) {
        let outgoing = line.visit.outgoing
        guard !outgoing.isEmpty else { return }
        let count = outgoing.withUnsafeBytes {
            send(line.descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
        }
        guard count >= 0 else {
            if errno != EAGAIN && errno != EINTR { drop(line) }
            return
        }
        line.visit.noteSent(count, at: now)
        if line.visit.state == .leaving { shutdown(line.descriptor, CInt(SHUT_WR)) }
    }

    /// Makes an edition of what is new and offers it to those who look.
    private mutating func show() {
        offerAt = now + Self.interval
        guard viewers > 0 else { return }
        let notice = board.notice
        if notice.number != noticed {
            noticed = notice.number
            let snapshot = notice.snapshot()
            edition.publish(state: json(snapshot))
            album.look(stored: snapshot.cells.done, at: now)
        }
        offer()
    }

    private mutating func offer() {
        if let figures = album.takeDrawn() { edition.publish(figures: figures) }
        for line in lines { line.visit.offer(edition, at: now) }
    }

    /// Shows the last notice, with the last figures if they take no time, and sees everybody off.
    private mutating func end() {
        entrance?.stop()
        entrance = nil
        let begun = now
        let last = board.notice.snapshot()
        // What a run of seconds isn't delayed by.
        let patience = min(Self.longestDrawing, begun / Album.rest)
        if viewers > 0, album.lastCost < patience / 2 {
            album.look(stored: last.cells.done, at: now, isLastChance: true)
        }
        offerAt = begun + Self.longestEnd
        while album.isDrawing, viewers > 0, now < begun + patience {
            turn(wait: .milliseconds(10))
        }
        edition.publish(state: json(last))
        while !lines.isEmpty, now < begun + Self.longestEnd {
            offer()
            turn(wait: .milliseconds(10))
            for line in lines where line.visit.isWatching && line.visit.outgoing.isEmpty {
                guard line.visit.hasSeen(edition) else { continue }
                line.visit.leave(at: now)
                shutdown(line.descriptor, CInt(SHUT_WR))
            }
        }
    }
}
