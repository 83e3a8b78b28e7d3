import Foundation

/// A folder for sockets that only this user can enter; it is removed when it goes out of scope.
public struct PrivateFolder: ~Copyable {
    public let path: String

    /// A socket's path has this many bytes at most (`sun_path`, less the end's zero byte).
    static let longestPath = 107

    /// - Parameter parent: by default the system's folder for temporary files, or /tmp where a
    ///   socket's path would become too long there.
    public init(in parent: String = NSTemporaryDirectory()) throws(SystemError) {
        let base = parent.hasSuffix("/") ? parent : parent + "/"
        let fits = (base + Self.template + Self.socket).utf8.count <= Self.longestPath
        var name = Array(((fits ? base : "/tmp/") + Self.template).utf8CString)
        guard mkdtemp(&name) != nil else {
            throw SystemError("make a folder in \(parent)", code: errno)
        }
        path = String(decoding: name.dropLast().lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Where a coordinator listens for workers of this machine.
    public var endpoint: String { "ipc://" + path + Self.socket }

    private static let template = "kdsweep-XXXXXX"
    private static let socket = "/coordinator"
}
