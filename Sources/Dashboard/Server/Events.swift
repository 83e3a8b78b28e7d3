import FlyingSocks

/// What a viewer is sent: each edition that is new when it has read the one before. So nothing piles up
/// for whoever is slow, who sees fewer editions.
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

        /// Between two looks for something new.
        private static let pause = Duration.milliseconds(50)
        /// A word now and then keeps the line open, and finds out who has left.
        private static let longestSilence = Duration.seconds(5)

        fileprivate init(press: Press, seat: Press.Seat) {
            self.press = press
            self.seat = seat
        }

        mutating func next() async throws -> UInt8? {
            preconditionFailure("a body is read in buffers")
        }

        /// Whole events, however long. Nil after the last edition.
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
