import Foundation

/// Where the access files of this user's coordinators lie.
public struct AccessFolder: Hashable, Sendable {
    public let url: URL

    /// `$KDSWEEP_HOME/access`, by default `~/.kdsweep/access`.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let home =
            environment["KDSWEEP_HOME"].flatMap { $0.isEmpty ? nil : URL(filePath: $0) }
            ?? Self.userHome(environment).appending(path: ".kdsweep")
        url = home.appending(path: "access")
    }

    /// The home folder as shells take it: `$HOME`, or if that isn't set what the list of users says.
    private static func userHome(_ environment: [String: String]) -> URL {
        environment["HOME"].flatMap { $0.isEmpty ? nil : URL(filePath: $0) }
            ?? FileManager.default.homeDirectoryForCurrentUser
    }

    /// The run's access file. Each coordinator that continues the run has the same, and no other run has it.
    public func file(for identity: Identity, sweep: String) -> URL {
        let mark = identity.coordinator.publicKey.description.utf8.prefix(4).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        return url.appending(path: "\(sweep)-\(mark).json")
    }

    /// The file that was written last.
    ///
    /// - Throws: `AccessError` where there is none.
    public func newest() throws(AccessError) -> URL {
        let keys: Set<URLResourceKey> = [.contentModificationDateKey]
        let files = try? FileManager.default.contentsOfDirectory(
            at: url, includingPropertiesForKeys: Array(keys), options: .skipsHiddenFiles)
        let dated = (files ?? []).filter { $0.pathExtension == "json" }.compactMap { file in
            (try? file.resourceValues(forKeys: keys).contentModificationDate).map { ($0, file) }
        }
        guard let newest = dated.max(by: { $0.0 < $1.0 }) else {
            throw AccessError(
                description: "there is no access file in \(url.path): start `kdsweep coordinator "
                    + "SWEEP`, or copy its file here and name it with --access FILE",
                mayPass: true)
        }
        return newest.1
    }
}
