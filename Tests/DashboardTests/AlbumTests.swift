import Figures
import Foundation
import Synchronization
import Testing

@testable import Dashboard

/// When figures are drawn.
struct AlbumTests {
    private final class Painter: Sendable {
        private let state = Mutex((calls: 0, isOnMainThread: false))
        let cost: Duration
        private let fault: String?

        init(cost: Duration = .zero, fault: String? = nil) {
            self.cost = cost
            self.fault = fault
        }

        var calls: Int { state.withLock { $0.calls } }

        @Sendable func draw() throws -> [Figure] {
            state.withLock { $0.calls += 1 }
            // How long a drawing takes is what is tested.
            Thread.sleep(forTimeInterval: cost / .seconds(1))
            if let fault { throw Fault(description: fault) }
            return [.example(panels: 1)]
        }
    }

    private struct Fault: Error, CustomStringConvertible { let description: String }

    private func wait(for album: Album) { while album.isDrawing { usleep(1000) } }

    @Test("Only what is new, and not more often than every five seconds")
    func rhythm() {
        let painter = Painter()
        let album = Album(draw: painter.draw)
        func look(_ stored: Int, _ seconds: Double) {
            album.look(stored: stored, at: .seconds(seconds))
            wait(for: album)
        }
        look(0, 0)
        #expect(painter.calls == 0 && album.takeDrawn() == nil, "there is nothing to draw")
        look(1, 1)
        #expect(painter.calls == 1 && album.takeDrawn() != nil && album.takeDrawn() == nil)
        look(1, 100)
        #expect(painter.calls == 1)
        look(2, 101)
        look(3, 105)
        #expect(painter.calls == 2)
        look(3, 107)
        #expect(painter.calls == 3)
        album.look(stored: 4, at: .seconds(107), isLastChance: true)
        wait(for: album)
        #expect(painter.calls == 4)
    }

    @Test(
        "A long drawing delays nobody, isn't begun twice, and is rested from twenty times as long")
    func slow() {
        let painter = Painter(cost: .milliseconds(300))
        let canBegin = DispatchSemaphore(value: 0)
        let album = Album {
            canBegin.wait()
            return try painter.draw()
        }
        for stored in 0..<10 { album.look(stored: stored, at: .zero) }
        #expect(album.isDrawing)
        canBegin.signal()
        wait(for: album)
        #expect(painter.calls == 1 && album.lastCost >= .milliseconds(300))
        canBegin.signal()
        album.look(stored: 10, at: .seconds(6))
        #expect(!album.isDrawing)
        album.look(stored: 10, at: .seconds(600))
        wait(for: album)
        #expect(painter.calls == 2)
    }

    @Test("What can't be drawn is said; figures come as they are, whatever their numbers")
    func words() throws {
        let fault = Drawn { throw Fault(description: "no store") }
        #expect(
            String(decoding: fault.encoded, as: UTF8.self) == #"{"error":"no store","figures":[]}"#)
        let drawn = Drawn { [.example(panels: 2), .map] }
        let decoded = try JSONDecoder().decode(Drawn.self, from: Data(drawn.encoded))
        #expect(decoded == drawn)
        var infinite = Figure.example(panels: 1)
        infinite.panels[0].content = .curves([
            .init(label: "a", points: [.init(x: 1, y: .infinity)])
        ])
        let text = String(decoding: Drawn { [infinite] }.encoded, as: UTF8.self)
        #expect(text.contains(#""points":[{"isPartial":false,"x":1,"y":"infinity"}]"#))
        #expect(!text.contains("\n"))
    }
}
