/// One connection without its socket: bytes and time go in, bytes come out.
struct Visit {
    enum State: Hashable {
        /// Its question isn't complete.
        case asking
        /// It is sent its answer, and that is all.
        case answered
        /// It is sent each new edition, and has or is being sent this one.
        case watching(seen: Edition.Numbers)
        /// It has everything and was told so; what it still says is dropped.
        case leaving
    }

    private(set) var state = State.asking
    /// What isn't sent yet.
    private(set) var outgoing: ArraySlice<UInt8> = []
    /// Left at this time unless it moves on: a visitor that stands still mustn't stay for ever.
    private(set) var deadline: Duration
    private var head: [UInt8] = []
    private var heardAt: Duration

    static let largestHead = 8192
    static let patience = Duration.seconds(10)
    static let farewell = Duration.seconds(1)
    /// Of a viewer to whom there is nothing new to say: a word now and then keeps its line open.
    static let longestSilence = Duration.seconds(15)

    init(at now: Duration) {
        deadline = now + Self.patience
        heardAt = now
    }

    /// Whether it may be sent away for somebody else: it has shown nothing yet.
    var isStranger: Bool { state == .asking }

    var isWatching: Bool {
        switch state {
        case .watching: true
        case .asking, .answered, .leaving: false
        }
    }

    /// Takes what came.
    ///
    /// - Returns: its question, once that is complete; the caller answers it.
    mutating func receive(_ bytes: some Sequence<UInt8>, at now: Duration) -> Request? {
        guard state == .asking else { return nil }
        let begun = max(0, head.count - 3)
        head += bytes
        guard let end = Self.end(of: head, from: begun), end <= Self.largestHead else {
            if head.count > Self.largestHead {
                answer(Response(.headTooLarge, "The request is too long."), at: now)
            }
            return nil
        }
        do throws(Request.Fault) {
            return try Request(head: head[..<end])
        } catch {
            switch error {
            case .malformed: answer(Response(.badRequest, "This is no HTTP request."), at: now)
            case .version:
                answer(Response(.versionNotSupported, "HTTP/1.1 is spoken here."), at: now)
            }
            return nil
        }
    }

    /// Where the empty line begins.
    private static func end(of head: [UInt8], from start: Int) -> Int? {
        let mark = Array("\r\n\r\n".utf8)
        guard head.count >= start + mark.count else { return nil }
        return (start...head.count - mark.count).first { place in
            head[place..<place + mark.count].elementsEqual(mark)
        }
    }

    mutating func answer(_ response: Response, isHeadOnly: Bool = false, at now: Duration) {
        head = []
        outgoing = response.encoded(isHeadOnly: isHeadOnly)[...]
        state = .answered
        deadline = now + Self.patience
    }

    /// From now on it is sent each edition.
    mutating func watch(_ response: Response, at now: Duration) {
        answer(response, at: now)
        state = .watching(seen: Edition.Numbers())
    }

    /// Sends a viewer what it hasn't seen of the edition, unless it is still at an earlier one: so
    /// nothing piles up for whoever is slow, who sees fewer editions.
    mutating func offer(_ edition: Edition, at now: Duration) {
        guard case .watching(let seen) = state, outgoing.isEmpty else { return }
        outgoing = edition.events(after: seen)[...]
        if outgoing.isEmpty, now - heardAt >= Self.longestSilence {
            outgoing = Edition.nothing[...]
        }
        guard !outgoing.isEmpty else { return }
        heardAt = now
        state = .watching(seen: edition.numbers)
        deadline = now + Self.patience
    }

    func hasSeen(_ edition: Edition) -> Bool { state == .watching(seen: edition.numbers) }

    /// So many bytes of the outgoing were sent.
    mutating func noteSent(_ count: Int, at now: Duration) {
        outgoing = outgoing.dropFirst(count)
        deadline = now + Self.patience
        guard outgoing.isEmpty else { return }
        outgoing = []
        if state == .answered { leave(at: now) }
    }

    /// Nothing follows: the visitor may read what it was sent and hang up.
    mutating func leave(at now: Duration) {
        state = .leaving
        deadline = now + Self.farewell
    }

    /// Whether it stands still for too long. A viewer without anything to read may.
    func isOver(at now: Duration) -> Bool {
        switch state {
        case .watching: !outgoing.isEmpty && now >= deadline
        case .asking, .answered, .leaving: now >= deadline
        }
    }
}
