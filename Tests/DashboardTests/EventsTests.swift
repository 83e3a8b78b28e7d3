import Synchronization
import Testing

@testable import Dashboard

/// What a viewer is sent, without a server.
struct EventsTests {
    private let board = Board { .example }

    private func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }

    private func numbered(_ number: Int) -> @Sendable () -> RunState {
        {
            var snapshot = RunState.example
            snapshot.cells.done = number
            return snapshot
        }
    }

    @Test("Each edition once; whoever is slow gets the newest, and the last is the end")
    func editions() async throws {
        let press = Press.example(board)
        var viewer = Events(press: press, seat: try #require(press.seat())).makeAsyncIterator()
        let first = text(try await viewer.nextBuffer(suggested: 10))
        // Before the state may come the figures, of which there are none.
        let figures = "event: figures\ndata: {\"figures\":[]}\n\n"
        let state = first.hasPrefix(figures) ? first.dropFirst(figures.count) : first[...]
        #expect(state.hasPrefix("event: state\ndata: {") && state.contains("\"done\":4230,"))
        for number in 1...9 { board.post(numbered(number)) }
        var later = text(try await viewer.nextBuffer(suggested: 10))
        while !later.contains("event: state") {
            later += text(try await viewer.nextBuffer(suggested: 10))
        }
        #expect(later.contains("\"done\":9,") && !later.contains("\"done\":8,"))
        board.post(isLast: true, numbered(10))
        #expect(text(try await viewer.nextBuffer(suggested: 10)).contains("\"done\":10,"))
        #expect(try await viewer.nextBuffer(suggested: 10) == nil)
    }

    @Test(
        "Updates that nobody sees cost no snapshot; many viewers get two editions a second, the same ones"
    )
    func economy() async throws {
        let made = Counter()
        let press = Press.example(board)
        for _ in 0..<100_000 { board.post { made.count(.example) } }
        #expect(made.value == 0)
        let seats = (0..<8).map { _ in press.seat() }
        let begun = ContinuousClock.now
        while ContinuousClock.now - begun < .seconds(1) {
            board.post { made.count(.example) }
            for _ in seats { _ = press.newest() }
        }
        // Of a second and of what it was late.
        let most = 2 + Int((ContinuousClock.now - begun) / Press.interval)
        #expect((1...most).contains(made.value), "\(made.value)")
    }

    private final class Counter: Sendable {
        private let count = Mutex(0)

        var value: Int { count.withLock { $0 } }

        func count(_ snapshot: RunState) -> RunState {
            count.withLock { $0 += 1 }
            return snapshot
        }
    }

    @Test("A viewer who leaves gives its place back")
    func leaving() async throws {
        let press = Press.example(board)
        do {
            var viewer = Events(press: press, seat: try #require(press.seat())).makeAsyncIterator()
            _ = try await viewer.nextBuffer(suggested: 10)
            #expect(press.viewers == 1)
        }
        #expect(press.viewers == 0)
    }
}
