import Seeded
import Testing

@testable import Dashboard

/// What comes through a connection, whatever it is.
struct RequestTests {
    @Test("A question, in one piece or byte by byte")
    func question() throws {
        let text = "GET /events?token=a%20b&token=c&x HTTP/1.1\r\nHost: h:1\r\nAccept:*/*\r\n\r\n"
        var (whole, split) = (Visit(at: .zero), Visit(at: .zero))
        let answer = whole.receive(text.utf8, at: .zero)
        let request = try #require(answer)
        #expect(request.method == "GET" && request.path == "/events")
        #expect(request.query == ["token": "a b", "x": ""])
        #expect(request.fields == ["host": "h:1", "accept": "*/*"])
        #expect(request.token == "a b")
        let answers = text.utf8.map { split.receive([$0], at: .zero) }
        #expect(answers.last == request && answers.dropLast().allSatisfy { $0 == nil })
    }

    private func answer(to text: String) -> String {
        var visit = Visit(at: .zero)
        let request = visit.receive(text.utf8, at: .zero)
        #expect(request == nil)
        return String(decoding: visit.outgoing, as: UTF8.self)
    }

    @Test(
        "What is no question is answered as such",
        arguments: [
            ("\r\n\r\n", 400), ("GET\r\n\r\n", 400), ("GET / HTTP/1.1 x\r\n\r\n", 400),
            ("GET http://x/ HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nnonsense\r\n\r\n", 400),
            ("GET /?a=%ff HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/2.0\r\n\r\n", 505),
            ("\u{16}\u{3}\u{1} / HTTP/1.1\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nx: \(String(repeating: "y", count: 9000))", 431),
            ("GET / HTTP/1.1\r\nx: \(String(repeating: "y", count: 9000))\r\n\r\n", 431),
        ])
    func nonsense(text: String, status: Int) {
        #expect(answer(to: text).hasPrefix("HTTP/1.1 \(status) "))
    }

    @Test("A head without an end takes no memory")
    func endless() {
        var visit = Visit(at: .zero)
        for _ in 0..<1000 {
            _ = visit.receive([UInt8](repeating: 65, count: 4096), at: .zero)
            #expect(visit.outgoing.count < 1000)
        }
        #expect(visit.state == .answered)
    }

    @Test("Random and broken bytes end in an answer or in silence", arguments: 0..<20)
    func fuzz(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let model = Array(
            "GET /events?token=0123&x=%41 HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer 12\r\n\r\n"
                .utf8)
        for _ in 0..<500 {
            var bytes = model
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = .random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: place)
                default: bytes.insert(.random(in: 0...255, using: &generator), at: place)
                }
            }
            var visit = Visit(at: .zero)
            let request = visit.receive(bytes, at: .zero)
            switch visit.state {
            case .asking: #expect(visit.outgoing.isEmpty)
            case .answered: #expect(request == nil && !visit.outgoing.isEmpty)
            case .watching, .leaving: Issue.record("nobody has answered yet")
            }
        }
    }

    // MARK: Time

    private let head = Response(.ok, type: "text/event-stream", body: nil)

    private func edition(_ numbers: Edition.Numbers) -> Edition {
        var edition = Edition()
        for number in 0..<numbers.figures { edition.publish(figures: Array("f\(number + 1)".utf8)) }
        for number in 0..<numbers.state { edition.publish(state: Array("s\(number + 1)".utf8)) }
        return edition
    }

    private func take(_ visit: inout Visit, at now: Duration) -> String {
        defer { visit.noteSent(visit.outgoing.count, at: now) }
        return String(decoding: visit.outgoing, as: UTF8.self)
    }

    @Test("A viewer gets what is new; a slow one gets the newest, and nothing piles up")
    func viewers() {
        var visit = Visit(at: .zero)
        visit.watch(head, at: .zero)
        visit.offer(edition(.init(state: 1, figures: 1)), at: .seconds(1))
        // Its head comes first.
        #expect(take(&visit, at: .seconds(1)) == String(decoding: head.encoded(), as: UTF8.self))
        visit.offer(edition(.init(state: 1, figures: 1)), at: .seconds(1))
        #expect(
            take(&visit, at: .seconds(1))
                == "event: figures\ndata: f1\n\nevent: state\ndata: s1\n\n")
        visit.offer(edition(.init(state: 1, figures: 1)), at: .seconds(2))
        #expect(visit.outgoing.isEmpty)
        visit.offer(edition(.init(state: 2, figures: 1)), at: .seconds(3))
        visit.noteSent(3, at: .seconds(3))
        let size = visit.outgoing.count
        for number in 3...100 {
            visit.offer(edition(.init(state: number, figures: 2)), at: .seconds(4))
            #expect(visit.outgoing.count == size)
        }
        #expect(take(&visit, at: .seconds(5)) == "nt: state\ndata: s2\n\n")
        visit.offer(edition(.init(state: 100, figures: 2)), at: .seconds(5))
        #expect(
            take(&visit, at: .seconds(5))
                == "event: figures\ndata: f2\n\nevent: state\ndata: s100\n\n")
    }

    @Test("Who stands still is left; a viewer with nothing to read hears a word now and then")
    func patience() {
        var asking = Visit(at: .zero)
        _ = asking.receive("GET".utf8, at: .seconds(9))
        #expect(!asking.isOver(at: .seconds(9)) && asking.isOver(at: .seconds(10)))

        var answered = Visit(at: .zero)
        answered.answer(Response(.ok, "words"), at: .seconds(9))
        answered.noteSent(5, at: .seconds(18))
        #expect(!answered.isOver(at: .seconds(27)) && answered.isOver(at: .seconds(28)))
        answered.noteSent(answered.outgoing.count, at: .seconds(27))
        #expect(answered.state == .leaving && answered.isOver(at: .seconds(28)))

        var watching = Visit(at: .zero)
        watching.watch(head, at: .zero)
        _ = take(&watching, at: .zero)
        let edition = edition(.init(state: 1, figures: 0))
        watching.offer(edition, at: .zero)
        _ = take(&watching, at: .zero)
        watching.offer(edition, at: .seconds(14))
        #expect(watching.outgoing.isEmpty && !watching.isOver(at: .seconds(1000)))
        watching.offer(edition, at: .seconds(15))
        #expect(String(decoding: watching.outgoing, as: UTF8.self) == ":\n\n")
        #expect(watching.isOver(at: .seconds(25)) && watching.hasSeen(edition))
    }
}
