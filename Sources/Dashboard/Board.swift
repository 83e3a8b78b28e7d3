import Foundation
import Synchronization

/// Where the run leaves its newest standing, and the page's thread finds it.
final class Board: Sendable {
    struct Notice {
        /// Each has a higher one.
        var number: Int
        var snapshot: @Sendable () -> RunState
        /// Whether no other will follow.
        var isLast = false
    }

    private let newest: Mutex<Notice>

    init(first: @escaping @Sendable () -> RunState) {
        newest = Mutex(Notice(number: 1, snapshot: first))
    }

    /// Replaces the notice. O(1), and waits for nobody but a copy of one.
    func post(isLast: Bool = false, _ snapshot: @escaping @Sendable () -> RunState) {
        newest.withLock {
            $0 = Notice(number: $0.number + 1, snapshot: snapshot, isLast: isLast)
        }
    }

    var notice: Notice { newest.withLock { $0 } }
}
