import Figures
import FlyingFox
import FlyingSocks
import Foundation
import Host
import Synchronization

/// The web page that shows a run, served on threads of its own. The run only leaves its newest standing here
/// and never waits for a viewer, so viewers don't slow it down.
public final class Monitor: Sendable {
    /// The page's address, with the token: who has it can see the page.
    public let url: String
    /// Whether only this machine can reach the page.
    public let isLoopback: Bool
    /// The port on which it listens; the actual one if 0 was asked for.
    public let port: UInt16
    private let board: Board
    private let press: Press
    private let server: HTTPServer
    private let porter: Porter
    /// The folder of the server's socket, which only this user can enter.
    private let folder: PrivateFolder

    /// How long viewers may take to receive the last edition.
    private static let longestEnd = Duration.milliseconds(700)

    /// Listens at once.
    ///
    /// - Parameters:
    ///   - folder: where the results go, as it is shown.
    ///   - taskWords: what a task of this number is to a reader who knows the sweep.
    ///   - first: where the run stands before the first update.
    ///   - figures: draws what is stored. Called on a thread of its own, only if there are viewers and
    ///     something new is stored, never twice at once, and for at most a twentieth of the time.
    /// - Throws: `DashboardError` that says what would be right.
    public init(
        at address: WebAddress, folder results: String,
        taskWords: @escaping @Sendable (Int) -> String, first: @escaping @Sendable () -> RunState,
        figures: @escaping @Sendable () throws -> [Figure]
    ) throws(DashboardError) {
        board = Board(first: first)
        press = Press(
            board: board, album: Album(draw: figures),
            page: { PageState($0, folder: results, words: taskWords) })
        let token = Token()
        do throws(SystemError) { folder = try PrivateFolder() } catch {
            throw DashboardError(address, because: "\(error)")
        }
        let socket = "\(folder.path)/page"
        let server = HTTPServer(
            config: .init(address: sockaddr_un.unix(path: socket), logger: .disabled),
            handler: Site(token: token, press: press))
        self.server = server
        do throws(DashboardError) {
            if case .failure(let error) = Self.listen(server) {
                throw DashboardError(address, because: "\(error)")
            }
            porter = try Porter(at: address, before: socket)
        } catch {
            Task.detached { await server.stop(timeout: 0) }
            throw error
        }
        (port, isLoopback) = (porter.port, porter.isLoopback)
        let isEvery = ["*", "0.0.0.0", "::"].contains(address.host)
        let host = isEvery ? hostName : inBrackets(address.host)
        url = "http://\(host):\(port)/?token=\(token)"
    }

    deinit {
        board.post(isLast: true, board.notice.snapshot)
        Task.detached { [server] in await server.stop(timeout: 0) }
        porter.end()
    }

    /// Sets the run's newest standing. O(1): `snapshot` is called only when a viewer asks.
    public func update(_ snapshot: @escaping @Sendable () -> RunState) { board.post(snapshot) }

    /// Shows viewers the run's last standing and closes the page. Returns within two seconds, however slow they
    /// are.
    public func end(_ snapshot: @escaping @Sendable () -> RunState) {
        board.post(isLast: true, snapshot)
        let begun = ContinuousClock.now
        while press.viewers > 0, ContinuousClock.now - begun < Self.longestEnd { usleep(5_000) }
        stop()
    }

    /// Starts the server, and waits until it listens or has failed to.
    private static func listen(_ server: HTTPServer) -> Result<Void, any Error> {
        let outcome = Outcome()
        Task.detached {
            do { try await server.run() } catch { outcome.settle(.failure(error)) }
        }
        Task.detached {
            do {
                try await server.waitUntilListening()
                outcome.settle(.success(()))
            } catch { outcome.settle(.failure(error)) }
        }
        return outcome.wait()
    }

    /// Closes all connections and frees the port.
    private func stop() {
        let isDone = DispatchSemaphore(value: 0)
        Task.detached { [server] in
            await server.stop(timeout: 0)
            isDone.signal()
        }
        _ = isDone.wait(timeout: .now() + .seconds(1))
        porter.end()
    }

    /// The first of several results: later ones are ignored.
    private final class Outcome: Sendable {
        private let first = Mutex<Result<Void, any Error>?>(nil)
        private let isKnown = DispatchSemaphore(value: 0)

        func settle(_ result: Result<Void, any Error>) {
            first.withLock { if $0 == nil { $0 = result } }
            isKnown.signal()
        }

        func wait() -> Result<Void, any Error> {
            isKnown.wait()
            return first.withLock { $0! }
        }
    }
}
