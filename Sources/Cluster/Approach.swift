import Foundation
import Logging
import ZeroMQ

/// How a worker finds its coordinator: each host of an access file is tried in turn.
public struct Approach {
    private let access: AccessFile
    private let log: Logger
    /// How long a host may take to accept a connection.
    private let connectionLimit: Duration
    /// How long it may take to show its key, and to admit this worker's.
    private let handshakeLimit: Duration

    public init(
        _ access: AccessFile, log: Logger, connectionLimit: Duration = .seconds(3),
        handshakeLimit: Duration = .seconds(10)
    ) {
        self.access = access
        self.log = log
        self.connectionLimit = connectionLimit
        self.handshakeLimit = handshakeLimit
    }

    /// The endpoint of the first host that is the coordinator and lets this worker in. The others
    /// are logged.
    ///
    /// - Throws: `AccessError` with every host and what became of it.
    public func endpoint() throws -> String {
        var failures: [String] = []
        for host in access.hosts {
            let address = "\(host):\(access.port)"
            let endpoint = "tcp://\(address)"
            guard
                let obstacle = try Probe(host: host, port: access.port).obstacle(connectionLimit)
                    ?? obstacle(at: endpoint)
            else {
                for failure in failures { log.notice("not reached: \(failure)") }
                log.info("the coordinator answers at \(address)")
                return endpoint
            }
            failures.append("\(address): \(obstacle)")
        }
        let list = failures.map { "\n  \($0)" }.joined()
        throw AccessError(
            description: "the coordinator of \(access.sweep) can't be reached:\(list)\n"
                + "If it has ended, start it again (its workers may be started before or after), or "
                + "take the access file of one that runs.")
    }

    /// Why this worker and whoever listens there don't come together; nil if they do.
    private func obstacle(at endpoint: String) throws -> String? {
        let socket = try Socket(.dealer, in: Context(), settings: access.settings)
        try socket.connect(to: endpoint)
        let watch = Stopwatch()
        while watch.elapsed < handshakeLimit {
            for event in try socket.connectionEvents() {
                switch event {
                case .established: return nil
                case .unauthorised:
                    return
                        "the coordinator turns this worker's key away: the access file is not of "
                        + "this run"
                case .incompatible, .abandoned, .lost:
                    return "whoever listens there doesn't have the coordinator's key: another run, "
                        + "or another program"
                case .unanswered: continue
                }
            }
            usleep(2_000)
        }
        return "no answer within \(handshakeLimit)"
    }
}

extension AccessFile {
    /// Of a worker's socket.
    var settings: Socket.Settings {
        .init(
            linger: .zero, security: .client(workerKeys, server: coordinatorKey),
            isMonitored: true)
    }
}
