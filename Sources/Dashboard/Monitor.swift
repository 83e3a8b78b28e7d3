import Figures
import Foundation

/// A page that shows a run to whoever has its address, from a thread of its own. The run leaves word of
/// where it stands and waits for nobody; whether anybody looks makes no difference to it.
public final class Monitor: Sendable {
    /// With the token: whoever has it sees everything.
    public let url: String
    /// Whether nobody but this machine can reach it.
    public let isLoopback: Bool
    /// The port that 0 has become.
    public let port: UInt16
    private let board: Board
    private let bell: Bell
    private let closed = DispatchSemaphore(value: 0)

    /// Listens at once.
    ///
    /// - Parameters:
    ///   - first: where the run stands before the first update.
    ///   - figures: draws what is stored. Called on a thread of its own, only while somebody looks and
    ///     something new is stored, never twice at once, and no more than a twentieth of the time.
    /// - Throws: `DashboardError` with what would be right.
    public init(
        at address: WebAddress, first: @escaping @Sendable () -> Snapshot,
        figures: @escaping @Sendable () throws -> [Figure]
    ) throws(DashboardError) {
        let entrance = try ListeningSocket(at: address)
        guard let bell = Bell() else { throw DashboardError(address, errno) }
        let (board, closed) = (Board(first: first), self.closed)
        let token = Token()
        (self.board, self.bell) = (board, bell)
        isLoopback = entrance.isLoopback
        port = entrance.port
        let isEvery = ["*", "0.0.0.0", "::"].contains(address.host)
        let host = isEvery ? ProcessInfo.processInfo.hostName : WebAddress.inBrackets(address.host)
        url = "http://\(host):\(entrance.port)/?token=\(token)"
        Thread.detachNewThread {
            var server = Server(
                entrance: entrance, bell: bell, board: board, site: Site(token: token),
                album: Album(draw: figures))
            server.run()
            closed.signal()
        }
    }

    deinit {
        board.post(isLast: true, board.notice.snapshot)
        bell.ring()
    }

    /// The run stands here now. O(1): the snapshot is made only if somebody looks.
    public func update(_ snapshot: @escaping @Sendable () -> Snapshot) { board.post(snapshot) }

    /// The run has ended like this: viewers are told, and the page closes. Returns within two seconds,
    /// however slow they are.
    public func end(_ snapshot: @escaping @Sendable () -> Snapshot) {
        board.post(isLast: true, snapshot)
        bell.ring()
        _ = closed.wait(timeout: .now() + .seconds(2))
        closed.signal()
    }
}
