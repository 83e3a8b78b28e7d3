import Figures
import Foundation
import Synchronization

/// Has the figures drawn, on a thread of its own, when new cells are stored and enough time has passed.
final class Album: Sendable {
    private struct State {
        var isDrawing = false
        /// How many cells were stored when the figures were drawn last; nil before the first drawing.
        var stored: Int?
        /// The earliest time of the next drawing.
        var notBefore = Duration.zero
        var lastCost = Duration.zero
        /// The last figures, until `takeDrawn` has returned them.
        var drawn: [UInt8]?
    }

    private let draw: @Sendable () throws -> [Figure]
    private let state = Mutex(State())

    static let interval = Duration.seconds(5)
    /// The pause after a drawing, as a multiple of the time that it took, so that drawing takes at most a
    /// twentieth of a processor's time.
    static let rest = 20

    init(draw: @escaping @Sendable () throws -> [Figure]) { self.draw = draw }

    var isDrawing: Bool { state.withLock { $0.isDrawing } }
    /// How long the last drawing took.
    var lastCost: Duration { state.withLock { $0.lastCost } }

    /// Begins to draw if other cells are stored than at the last drawing and the pause after it is over.
    /// Called when a viewer asks.
    ///
    /// - Parameters:
    ///   - stored: how many cells are stored now.
    ///   - isLastChance: whether to draw even during the pause.
    func look(stored: Int, at now: Duration, isLastChance: Bool = false) {
        let isDue = state.withLock { state in
            // Without a cell there is nothing to draw, and the pause afterwards would delay the first figures.
            guard stored > 0, !state.isDrawing, state.stored != stored,
                isLastChance || now >= state.notBefore
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
