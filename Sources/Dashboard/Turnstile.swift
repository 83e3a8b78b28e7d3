import FlyingFox
import FlyingSocks
import Synchronization

/// Waits for sockets as the server's own pool does, but not for ever: whoever stands still with half a
/// question is shown out after a while, and soon where others come after him. So strangers hold few
/// descriptors, and keep nobody out.
final class Turnstile: AsyncSocketPool {
    private let pool: any AsyncSocketPool = HTTPServer.defaultPool()
    /// How often somebody has been waited for.
    private let waits = Mutex(0)

    static let patience = Duration.seconds(10)
    /// So many later waits end one.
    static let mostSilent = 64
    private static let pause = Duration.milliseconds(100)

    func prepare() async throws { try await pool.prepare() }

    func run() async throws { try await pool.run() }

    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        // The one that listens has no peer.
        guard events.contains(.read), (try? socket.remotePeer()) != nil else {
            return try await pool.suspendSocket(socket, untilReadyFor: events)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [pool] in
                try await pool.suspendSocket(socket, untilReadyFor: events)
            }
            group.addTask { try await self.losePatience() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func losePatience() async throws {
        let own = waits.withLock { waits in
            waits += 1
            return waits
        }
        let deadline = ContinuousClock.now + Self.patience
        repeat {
            try await Task.sleep(for: Self.pause)
        } while ContinuousClock.now < deadline && waits.withLock { $0 - own < Self.mostSilent }
        throw SocketError.disconnected
    }
}
