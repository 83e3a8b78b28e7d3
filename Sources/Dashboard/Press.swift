import Foundation
import Synchronization

/// Makes editions for the viewers: at most two a second, the same one for all, and none while no viewer asks.
final class Press: Sendable {
    private struct State {
        var edition = Edition()
        /// The number of the notice from which the edition was made.
        var noticed = 0
        /// The earliest time of the next edition.
        var dueAt = Duration.zero
        var viewers = 0
    }

    private let board: Board
    private let album: Album
    private let page: @Sendable (RunState) -> PageState
    private let state = Mutex(State())
    private let start = ContinuousClock.now

    static let mostViewers = 32
    /// The time between two editions.
    static let interval = Duration.milliseconds(500)
    /// How long the last drawing may take.
    static let longestDrawing = Duration.milliseconds(400)

    init(board: Board, album: Album, page: @escaping @Sendable (RunState) -> PageState) {
        self.board = board
        self.album = album
        self.page = page
    }

    var viewers: Int { state.withLock { $0.viewers } }

    /// Where the run stands now.
    var snapshot: RunState { board.notice.snapshot() }

    /// One of the `mostViewers` places for viewers; it is free again when this goes out of scope.
    final class Seat: Sendable {
        private let press: Press

        fileprivate init(_ press: Press) { self.press = press }

        deinit { press.state.withLock { $0.viewers -= 1 } }
    }

    /// A free seat; nil if all are taken.
    func seat() -> Seat? {
        let isFree = state.withLock { state in
            guard state.viewers < Self.mostViewers else { return false }
            state.viewers += 1
            // The next edition is made at once, so that the new viewer sees the present state.
            state.dueAt = .zero
            return true
        }
        return isFree ? Seat(self) : nil
    }

    /// The newest edition, and whether it is the last.
    func newest() -> (edition: Edition, isLast: Bool) {
        let (notice, now) = (board.notice, ContinuousClock.now - start)
        return state.withLock { state in
            guard notice.isLast || now >= state.dueAt else { return (state.edition, false) }
            state.dueAt = now + Self.interval
            if notice.number != state.noticed {
                let snapshot = notice.snapshot()
                let stored = snapshot.cells.done
                if notice.isLast {
                    drawLast(stored: stored, at: now)
                } else {
                    album.look(stored: stored, at: now)
                }
                state.noticed = notice.number
                state.edition.publish(state: json(page(snapshot)))
            }
            if let figures = album.takeDrawn() { state.edition.publish(figures: figures) }
            return (state.edition, notice.isLast)
        }
    }

    /// Draws the final figures, if the last drawing was fast enough: waits at most a twentieth of the run's
    /// time, so that the end of a short run isn't delayed.
    private func drawLast(stored: Int, at now: Duration) {
        let patience = min(Self.longestDrawing, now / Album.rest)
        guard album.lastCost < patience / 2 else { return }
        album.look(stored: stored, at: now, isLastChance: true)
        let begun = ContinuousClock.now
        while album.isDrawing, ContinuousClock.now - begun < patience { usleep(5_000) }
    }
}
