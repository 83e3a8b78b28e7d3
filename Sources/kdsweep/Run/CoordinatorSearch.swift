import Cluster
import Foundation
import Logging

/// How a worker that is started by hand, on any machine and at any time, comes to its coordinator.
struct CoordinatorSearch: Sendable {
    /// The access file as it was named: a path, `-` for standard input, nil for the newest.
    let access: String?
    /// Instead of what the access file says.
    let address: Address?
    /// How long to wait for a coordinator that isn't there.
    let limits: Worker.Limits
    let log: Logger

    enum Outcome {
        /// - Parameter file: nil where there is none that could be read again.
        case found(Whereabouts, file: URL?)
        /// The limit for waiting has come.
        case expired, idle
    }

    /// Between two tries.
    private static let pause = Duration.seconds(1)

    /// Waits for the access file and for the coordinator, as far as that may help. A launched worker
    /// doesn't: its coordinator has been there, and is to be told what is in the way.
    ///
    /// - Throws: `AccessError` with what would be right.
    func run() throws -> Outcome {
        let start = ContinuousClock.now
        var said = ""
        while true {
            do {
                let (access, file) = try read()
                let found = try whereabouts(of: access)
                if let file, AccessFile.isExposed(file) {
                    log.warning(
                        "others on this machine can read the key in \(file.path); chmod 600 it")
                }
                return .found(found, file: file)
            } catch let error as AccessError where error.mayPass && !isLaunched {
                if error.description != said {
                    log.notice("waiting for the coordinator: \(error)")
                    said = error.description
                }
            }
            let waited = ContinuousClock.now - start
            if let limit = limits.time, waited >= limit { return .expired }
            if let limit = limits.idle, waited >= limit { return .idle }
            usleep(UInt32(Self.pause / .microseconds(1)))
        }
    }

    /// Where the coordinator is by what the file says now; nil where it can't be found.
    func look(in file: URL) -> Whereabouts? {
        try? whereabouts(of: AccessFile(contentsOf: file))
    }

    private func whereabouts(of access: AccessFile) throws -> Whereabouts {
        var access = access
        if let address { access = access.reached(at: address.host, port: address.port) }
        return Whereabouts(endpoint: try Approach(access, log: log).endpoint(), access: access)
    }

    private var isLaunched: Bool { Allotment.current.job != nil }

    private func read() throws -> (AccessFile, URL?) {
        if access == "-" {
            let data = try FileHandle.standardInput.readToEnd() ?? Data()
            return (try AccessFile(data, from: "standard input"), nil)
        }
        let file = try access.map { URL(filePath: $0) } ?? AccessFolder().newest()
        return (try AccessFile(contentsOf: file), file)
    }
}
