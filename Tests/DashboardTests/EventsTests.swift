import Testing

@testable import Dashboard

/// What a viewer is sent, without a server.
struct EventsTests {
    private let board = Board { .example }

    private func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }

    private func numbered(_ number: Int) -> @Sendable () -> Snapshot {
        {
            var snapshot = Snapshot.example
            snapshot.cells.done = number
            return snapshot
        }
    }

    @Test("Each edition once; whoever is slow gets the newest, and the last is the end")
    func editions() async throws {
        let press = Press(board: board, album: Album { [] })
        var viewer = Events(press: press, seat: try #require(press.seat())).makeAsyncIterator()
        let first = text(try await viewer.nextBuffer(suggested: 10))
        #expect(first.hasPrefix("event: state\ndata: {") && first.contains("\"done\":4230,"))
        for number in 1...9 { board.post(numbered(number)) }
        // The figures, of which there are none, come with the state or before it.
        var later = text(try await viewer.nextBuffer(suggested: 10))
        while !later.contains("event: state") {
            later += text(try await viewer.nextBuffer(suggested: 10))
        }
        #expect(later.contains("\"done\":9,") && !later.contains("\"done\":8,"))
        board.post(isLast: true, numbered(10))
        #expect(text(try await viewer.nextBuffer(suggested: 10)).contains("\"done\":10,"))
        #expect(try await viewer.nextBuffer(suggested: 10) == nil)
    }

    @Test("A viewer who leaves gives its place back")
    func leaving() async throws {
        let press = Press(board: board, album: Album { [] })
        do {
            var viewer = Events(press: press, seat: try #require(press.seat())).makeAsyncIterator()
            _ = try await viewer.nextBuffer(suggested: 10)
            #expect(press.viewers == 1)
        }
        #expect(press.viewers == 0)
    }
}
