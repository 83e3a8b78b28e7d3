import Foundation
import Synchronization

/// Makes editions for those who look: at most two a second, the same one for everybody, and none while
/// nobody asks.
final class Press: Sendable {
    private struct State {
        var edition = Edition()
        /// The notice that the edition is of.
        var noticed = 0
        /// The next edition isn't before.
        var dueAt = Duration.zero
        var viewers = 0
    }

    private let board: Board
    private let album: Album
    private let page: @Sendable (RunState) -> PageState
    private let state = Mutex(State())
    private let start = ContinuousClock.now

    static let mostViewers = 32
    /// Between two editions.
    static let interval = Duration.milliseconds(500)
    /// For a last drawing.
    static let longestDrawing = Duration.milliseconds(400)

    init(board: Board, album: Album, page: @escaping @Sendable (RunState) -> PageState) {
        self.board = board
        self.album = album
        self.page = page
    }

    var viewers: Int { state.withLock { $0.viewers } }

    /// Where the run stands now.
    var snapshot: RunState { board.notice.snapshot() }

    /// A viewer's place, given back when it goes out of scope.
    final class Seat: Sendable {
        private let press: Press

        fileprivate init(_ press: Press) { self.press = press }

        deinit { press.state.withLock { $0.viewers -= 1 } }
    }

    /// Nil where all are taken.
    func seat() -> Seat? {
        let isFree = state.withLock { state in
            guard state.viewers < Self.mostViewers else { return false }
            state.viewers += 1
            // A viewer who has just come gets the present state.
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

    /// Draws what the run has ended with, if that takes no time: a run of seconds isn't delayed by it.
    private func drawLast(stored: Int, at now: Duration) {
        let patience = min(Self.longestDrawing, now / Album.rest)
        guard album.lastCost < patience / 2 else { return }
        album.look(stored: stored, at: now, isLastChance: true)
        let begun = ContinuousClock.now
        while album.isDrawing, ContinuousClock.now - begun < patience { usleep(5_000) }
    }
}
