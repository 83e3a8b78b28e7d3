import Cluster
import Foundation
import Logging

/// Finds the coordinator for a worker that was not started by `kdsweep run`: on any machine, at any time.
struct CoordinatorSearch: Sendable {
    /// The access file as it was named: a path, `-` for standard input, nil for the newest.
    let access: String?
    /// Tried instead of the hosts in the access file.
    let address: Address?
    /// How long to wait for a coordinator that isn't there.
    let limits: Worker.Limits
    let log: Logger

    enum Outcome {
        /// - Parameter file: the access file; nil if it was standard input, which can't be read again.
        case found(Whereabouts, file: URL?)
        /// The limit for waiting has come.
        case expired, idle
    }

    /// The time between two tries.
    private static let pause = Duration.seconds(1)

    /// Waits for the access file and for the coordinator while that may help. A launched worker fails at
    /// once instead: its coordinator is there already, and shows the user what it says.
    ///
    /// - Throws: `AccessError` that says what would be right.
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
