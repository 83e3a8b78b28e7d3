import Foundation
import Host
import Logging
import ZeroMQ

/// How a worker finds its coordinator: each host of an access file is tried in turn.
public struct Approach {
    private let access: AccessFile
    private let log: Logger
    /// How long a host may take to accept a connection.
    private let connectionLimit: Duration
    /// How long a host may take to show its key and to admit this worker's. Shorter than the socket's own
    /// limit, after which a host that hasn't answered can't be told from one without the key.
    private let handshakeLimit: Duration
    /// How long to try again at once if a host doesn't answer. A crowd of strangers may hold all the
    /// coordinator's connections; it cuts them after the socket's limit, and there is room again.
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

    /// The endpoint of the first host that is the coordinator and lets this worker in. Those that were
    /// tried before are logged.
    ///
    /// - Throws: `AccessError` that names every host, and why it isn't the coordinator.
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
            // Tried a second time: a coordinator that is killed during the handshake looks like a program
            // without the key.
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

    /// Why this worker can't reach a coordinator on that host; nil if it can.
    private func obstacle(on host: String) throws -> Obstacle? {
        try Probe(host: host, port: access.port).obstacle(connectionLimit)
            ?? obstacle(at: endpoint(on: host))
    }

    private func endpoint(on host: String) -> String {
        "tcp://\(inBrackets(host)):\(access.port)"
    }

    /// Why the program that listens there and this worker don't accept each other's keys; nil if they do.
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

/// Why a worker doesn't reach its coordinator.
struct Obstacle: Hashable, CustomStringConvertible {
    enum Outlook: Hashable {
        /// Trying again at once may help.
        case passesSoon
        /// Waiting may help: the coordinator may still be started.
        case mayPass
        /// Waiting won't help: the user has to give another access file.
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
    /// The settings of a worker's socket.
    var settings: Socket.Settings {
        .init(
            linger: .zero, security: .client(workerKeys, server: coordinatorKey),
            isMonitored: true)
    }
}
