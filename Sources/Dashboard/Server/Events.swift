import FlyingSocks

/// The events that a viewer is sent. The next edition is taken only when the viewer has read the one before,
/// so nothing piles up for a slow viewer: it sees fewer editions.
struct Events: AsyncBufferedSequence {
    typealias Element = UInt8

    let press: Press
    let seat: Press.Seat

    func makeAsyncIterator() -> Iterator { Iterator(press: press, seat: seat) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        private let press: Press
        private let seat: Press.Seat
        private var seen = Edition.Numbers()
        private var isOver = false

        /// The time between two looks for something new.
        private static let pause = Duration.milliseconds(50)
        /// After this time a comment is sent, which keeps the connection open and shows whether the viewer
        /// has left.
        private static let longestSilence = Duration.seconds(5)

        fileprivate init(press: Press, seat: Press.Seat) {
            self.press = press
            self.seat = seat
        }

        mutating func next() async throws -> UInt8? {
            preconditionFailure("a body is read in buffers")
        }

        /// The next events, whole, however long they are. Nil after the last edition.
        mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
            guard !isOver else { return nil }
            let deadline = ContinuousClock.now + Self.longestSilence
            while true {
                let (edition, isLast) = press.newest()
                isOver = isLast
                let events = edition.events(after: seen)
                if !events.isEmpty {
                    seen = edition.numbers
                    return events
                }
                if isLast { return nil }
                if ContinuousClock.now >= deadline { return Edition.nothing }
                try await Task.sleep(for: Self.pause)
            }
        }
    }
}
