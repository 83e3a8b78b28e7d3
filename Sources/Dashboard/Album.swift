import Figures
import Foundation
import Synchronization

/// Has the figures drawn, on a thread of its own, when that is worth it.
final class Album: Sendable {
    private struct State {
        var isDrawing = false
        /// What was stored when they were drawn last; nil before.
        var stored: Int?
        /// The next drawing isn't before.
        var notBefore = Duration.zero
        var lastCost = Duration.zero
        /// Drawn, and not taken yet.
        var drawn: [UInt8]?
    }

    private let draw: @Sendable () throws -> [Figure]
    private let state = Mutex(State())

    static let interval = Duration.seconds(5)
    /// Times what a drawing took: it may have a twentieth of a processor's time.
    static let rest = 20

    init(draw: @escaping @Sendable () throws -> [Figure]) { self.draw = draw }

    var isDrawing: Bool { state.withLock { $0.isDrawing } }
    /// How long the last drawing took.
    var lastCost: Duration { state.withLock { $0.lastCost } }

    /// Somebody looks, and so many cells are stored: begins to draw if that is new and it is time.
    ///
    /// - Parameter isLastChance: however short ago the last drawing was.
    func look(stored: Int, at now: Duration, isLastChance: Bool = false) {
        let isDue = state.withLock { state in
            guard !state.isDrawing, state.stored != stored, isLastChance || now >= state.notBefore
            else { return false }
            state.isDrawing = true
            state.stored = stored
            return true
        }
        guard isDue else { return }
        Thread.detachNewThread { [self] in
            let clock = ContinuousClock()
            let start = clock.now
            let drawn = Drawn { try draw() }.encoded
            let cost = clock.now - start
            state.withLock { state in
                state.isDrawing = false
                state.lastCost = cost
                state.notBefore = now + cost + max(Self.interval, cost * Self.rest)
                state.drawn = drawn
            }
        }
    }

    /// What was drawn since the last call; nil if nothing was.
    func takeDrawn() -> [UInt8]? {
        state.withLock { state in
            defer { state.drawn = nil }
            return state.drawn
        }
    }
}

/// Figures, or why there are none, as the page reads them.
struct Drawn: Codable, Hashable {
    var figures: [Figure] = []
    var error: String?

    init(_ draw: () throws -> [Figure]) {
        do { figures = try draw() } catch { self.error = "\(error)" }
    }

    var encoded: [UInt8] { json(self) }
}

/// One line. What isn't finite becomes a string, which the page takes for no value.
func json(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
    do { return Array(try encoder.encode(value)) } catch {
        preconditionFailure("numbers and texts can be encoded: \(error)")
    }
}
