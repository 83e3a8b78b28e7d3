import Foundation
import Logging
import ZeroMQ

/// How a worker finds its coordinator: each host of an access file is tried in turn.
public struct Approach {
    private let access: AccessFile
    private let log: Logger
    /// How long a host may take to accept a connection.
    private let connectionLimit: Duration
    /// How long it may take to show its key, and to admit this worker's. Shorter than the socket's own
    /// limit, after which somebody who hasn't answered looks like somebody without the key.
    private let handshakeLimit: Duration
    /// How long to try again at once where somebody doesn't answer: a crowd of strangers at the port is cut
    /// after the socket's limit, and its place is free then.
    private let patience: Duration

    public init(
        _ access: AccessFile, log: Logger, connectionLimit: Duration = .seconds(3),
        handshakeLimit: Duration = .seconds(8), patience: Duration = .seconds(20)
    ) {
        self.access = access
        self.log = log
        self.connectionLimit = connectionLimit
        self.handshakeLimit = handshakeLimit
        self.patience = patience
    }

    /// The endpoint of the first host that is the coordinator and lets this worker in. The others
    /// are logged.
    ///
    /// - Throws: `AccessError` with every host and what became of it.
    public func endpoint() throws -> String {
        let watch = Stopwatch()
        var mayBeChance = true
        while true {
            var failures: [String] = []
            var outlooks: Set<Obstacle.Outlook> = []
            for host in access.hosts {
                let address = "\(inBrackets(host)):\(access.port)"
                guard let obstacle = try obstacle(on: host) else {
                    for failure in failures { log.notice("not reached: \(failure)") }
                    log.info("the coordinator answers at \(address)")
                    return endpoint(on: host)
                }
                failures.append("\(address): \(obstacle)")
                outlooks.insert(obstacle.outlook)
            }
            // A coordinator that is killed during a handshake looks like one that doesn't have the key.
            if outlooks == [.stays], mayBeChance {
                mayBeChance = false
                usleep(500_000)
                continue
            }
            guard outlooks.contains(.passesSoon), watch.elapsed < patience else {
                throw unreachable(failures, mayPass: outlooks != [.stays])
            }
        }
    }

    private func unreachable(_ failures: [String], mayPass: Bool) -> AccessError {
        let list = failures.map { "\n  \($0)" }.joined()
        return AccessError(
            description: "the coordinator of \(access.sweep) can't be reached:\(list)\n"
                + "If it has ended, start it again (its workers may be started before or after), or "
                + "take the access file of one that runs.",
            mayPass: mayPass)
    }

    /// What is between this worker and a coordinator on that host; nil if nothing is.
    private func obstacle(on host: String) throws -> Obstacle? {
        try Probe(host: host, port: access.port).obstacle(connectionLimit)
            ?? obstacle(at: endpoint(on: host))
    }

    private func endpoint(on host: String) -> String {
        "tcp://\(inBrackets(host)):\(access.port)"
    }

    /// Why this worker and whoever listens there don't come together; nil if they do.
    private func obstacle(at endpoint: String) throws -> Obstacle? {
        let socket = try Socket(.dealer, in: Context(), settings: access.settings)
        try socket.connect(to: endpoint)
        let watch = Stopwatch()
        while watch.elapsed < handshakeLimit {
            for event in try socket.connectionEvents() {
                switch event {
                case .established: return nil
                case .unauthorised:
                    return Obstacle(
                        "the coordinator turns this worker's key away: the access file is not of "
                            + "this run")
                case .incompatible, .abandoned, .lost:
                    return Obstacle(
                        "whoever listens there doesn't have the coordinator's key: another run, "
                            + "or another program")
                case .unanswered: continue
                }
            }
            usleep(2_000)
        }
        return .silence(for: handshakeLimit)
    }
}

/// What is between a worker and its coordinator.
struct Obstacle: Hashable, CustomStringConvertible {
    enum Outlook: Hashable {
        /// It may be gone when it is tried again at once.
        case passesSoon
        /// It may be gone once somebody has started the coordinator.
        case mayPass
        /// Somebody has to take another access file.
        case stays
    }

    let description: String
    let outlook: Outlook

    init(_ description: String, _ outlook: Outlook = .stays) {
        self.description = description
        self.outlook = outlook
    }

    static func silence(for limit: Duration) -> Obstacle {
        Obstacle("no answer within \(limit)", .passesSoon)
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
