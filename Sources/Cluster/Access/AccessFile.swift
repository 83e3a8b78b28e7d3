import Foundation
import Host
import ZeroMQ

/// What a worker needs to reach its coordinator and be let in, as a JSON file that only its owner
/// can read. It may be copied to machines that don't share the access folder.
public struct AccessFile: Hashable, Sendable {
    /// The sweep's name.
    public let sweep: String
    /// Names and addresses of the coordinator's machine, to be tried in this order.
    public private(set) var hosts: [String]
    public private(set) var port: Int
    let coordinatorKey: CurveKey
    let workerKeys: CurveKeyPair

    public init(identity: Identity, sweep: String, hosts: [String], port: Int) {
        self.sweep = sweep
        self.hosts = hosts
        self.port = port
        coordinatorKey = identity.coordinator.publicKey
        workerKeys = identity.workers
    }

    /// - Throws: `AccessError` if there is no such file, if it is no access file, or one of another version.
    public init(contentsOf file: URL) throws(AccessError) {
        let data: Data
        do { data = try Data(contentsOf: file) } catch {
            throw AccessError(
                description: "the access file \(file.path) can't be read: "
                    + "\(reason(of: error))",
                mayPass: !FileManager.default.fileExists(atPath: file.path))
        }
        try self.init(data, from: file.path)
    }

    /// - Parameter source: what errors call the file.
    public init(_ data: Data, from source: String) throws(AccessError) {
        func spoilt(_ why: String) -> AccessError {
            AccessError(description: "\(source) is not an access file: \(why)")
        }
        let decoder = JSONDecoder()
        guard let version = try? decoder.decode(Version.self, from: data) else {
            throw spoilt("it doesn't say which version of the protocol it is for")
        }
        guard version.version == Hello.version else {
            throw AccessError(
                description: "\(source) is for version "
                    + "\(version.version) of the protocol, and this kdsweep speaks version "
                    + "\(Hello.version): start the worker with the coordinator's kdsweep")
        }
        guard let content = try? decoder.decode(Content.self, from: data) else {
            throw spoilt("it needs sweep, hosts, port, coordinator_key and worker_secret_key")
        }
        guard (1...65535).contains(content.port), !content.hosts.isEmpty else {
            throw spoilt("it needs a host, and a port from 1 to 65535")
        }
        guard let coordinatorKey = CurveKey(content.coordinatorKey),
            let secretKey = CurveKey(content.workerSecretKey),
            let workerKeys = try? CurveKeyPair(secretKey: secretKey)
        else { throw spoilt("a key has 40 characters of Z85") }
        (sweep, hosts, port) = (content.sweep, content.hosts, content.port)
        (self.coordinatorKey, self.workerKeys) = (coordinatorKey, workerKeys)
    }

    /// Access to the same coordinator at another address, as through a tunnel.
    public func reached(at host: String, port: Int) -> AccessFile {
        var access = self
        (access.hosts, access.port) = ([host], port)
        return access
    }

    /// Whether other users of this machine can read the file, and so the key: a copy may not have the mode
    /// that the file was written with.
    public static func isExposed(_ file: URL) -> Bool {
        var status = stat()
        return stat(file.path, &status) == 0 && status.st_mode & 0o077 != 0
    }

    /// - Throws: `SystemError` where the folder can't be made or written.
    public func write(to file: URL) throws {
        try PrivateFile.makeFolder(file.deletingLastPathComponent())
        let content = Content(
            sweep: sweep, hosts: hosts, port: port, coordinatorKey: "\(coordinatorKey)",
            workerSecretKey: "\(workerKeys.secretKey)", version: Hello.version)
        try PrivateFile.write(try encodedJSON(content), to: file)
    }

    private struct Version: Codable {
        var version: UInt32

        enum CodingKeys: String, CodingKey { case version = "protocol" }
    }

    private struct Content: Codable {
        var sweep: String
        var hosts: [String]
        var port: Int
        var coordinatorKey: String
        var workerSecretKey: String
        var version: UInt32

        enum CodingKeys: String, CodingKey {
            case sweep, hosts, port
            case coordinatorKey = "coordinator_key"
            case workerSecretKey = "worker_secret_key"
            case version = "protocol"
        }
    }
}
