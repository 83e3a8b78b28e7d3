import Foundation
import Host
import Synchronization

/// Looks for a coordinator that is out of reach, which may have been started again on another host. It has
/// a thread of its own, since each host that doesn't answer takes seconds.
final class Scout: Sendable {
    private struct State {
        var isUnderWay = false
        var found: Whereabouts?
    }

    /// Rings when a coordinator was found.
    let bell: Doorbell
    private let find: @Sendable () -> Whereabouts?
    private let state = Mutex(State())

    /// - Parameter find: returns nil if it finds no coordinator; may take long.
    init(find: @escaping @Sendable () -> Whereabouts?) throws(SystemError) {
        bell = try Doorbell()
        self.find = find
    }

    /// Begins to look, unless it is looking already.
    func start() {
        let isFree = state.withLock { state in
            defer { state.isUnderWay = true }
            return !state.isUnderWay
        }
        guard isFree else { return }
        let thread = Thread { [self] in
            let found = find()
            state.withLock { state in
                state.isUnderWay = false
                state.found = found
            }
            if found != nil { bell.ring() }
        }
        thread.name = "scout"
        thread.start()
    }

    /// What was found since the last call.
    func takeFound() -> Whereabouts? {
        state.withLock { state in
            defer { state.found = nil }
            return state.found
        }
    }
}
