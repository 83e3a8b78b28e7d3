import Foundation
import Synchronization

/// Holds the run's newest standing: the run's thread writes it, and the page's threads read it.
final class Board: Sendable {
    struct Notice {
        /// Higher than that of the notice before.
        var number: Int
        var snapshot: @Sendable () -> RunState
        /// Whether no other notice will follow.
        var isLast = false
    }

    private let newest: Mutex<Notice>

    init(first: @escaping @Sendable () -> RunState) {
        newest = Mutex(Notice(number: 1, snapshot: first))
    }

    /// Replaces the notice. O(1): waits at most while another thread copies the notice.
    func post(isLast: Bool = false, _ snapshot: @escaping @Sendable () -> RunState) {
        newest.withLock {
            $0 = Notice(number: $0.number + 1, snapshot: snapshot, isLast: isLast)
        }
    }

    var notice: Notice { newest.withLock { $0 } }
}
