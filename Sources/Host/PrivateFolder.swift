import Foundation

/// A folder for sockets that only this user can enter; it is removed when it goes out of scope.
package struct PrivateFolder: ~Copyable {
    package let path: String
    /// Open on the folder and locked as long as it is in use. A socket without a listener doesn't tell that its
    /// process is gone: it may be about to listen, or to listen again.
    private let hold: CInt

    /// A socket's path has this many bytes at most (`sun_path`, less the end's zero byte).
    package static let longestPath = 107

    /// Also removes such folders of processes that were killed.
    ///
    /// - Parameter parent: by default the system's folder for temporary files. /tmp is used instead if
    ///   `parent` can't be written, or would make a socket's path too long.
    package init(in parent: String = NSTemporaryDirectory()) throws(SystemError) {
        let base = parent.hasSuffix("/") ? parent : parent + "/"
        let fits = (base + Self.template + Self.socket).utf8.count <= Self.longestPath
        let home = fits && access(base, W_OK | X_OK) == 0 ? base : "/tmp/"
        Self.removeStale(in: home)
        var name = Array((home + Self.template).utf8CString)
        guard mkdtemp(&name) != nil else {
            throw SystemError("make a folder in \(home)", code: errno)
        }
        path = String(decoding: name.dropLast().lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
        hold = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // Without locks there is a short time in which another process may take the folder for a stale one.
        _ = flock(hold, LOCK_SH)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
        close(hold)
    }

    /// Where a coordinator listens for workers of this machine.
    package var endpoint: String { "ipc://" + path + Self.socket }

    private static let template = "kdsweep-XXXXXX"
    private static let socket = "/coordinator"

    // MARK: - Folders of killed processes

    private static func removeStale(in parent: String) {
        let mark = template.prefix { $0 != "X" }
        let names = try? FileManager.default.contentsOfDirectory(atPath: parent)
        for name in names ?? []
        where name.hasPrefix(mark) && name.utf8.count == template.utf8.count
            && isStale(parent + name)
        { try? FileManager.default.removeItem(atPath: parent + name) }
    }

    /// Whether the folder is this user's and is left from a killed process: no process holds it or listens at
    /// its sockets, or it has had no socket for an hour.
    private static func isStale(_ folder: String) -> Bool {
        var status = stat()
        guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
            status.st_uid == geteuid()
        else { return false }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let sockets = names.map { name in "\(folder)/\(name)" }.filter { (path: String) in
            lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
        }
        guard !sockets.isEmpty else {
            return lstat(folder, &status) == 0 && time(nil) - status.st_mtim.tv_sec > 3600
        }
        return sockets.allSatisfy(connectionIsRefused) && !isHeld(folder)
    }

    private static func isHeld(_ folder: String) -> Bool {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) != 0
    }

    private static func connectionIsRefused(_ path: String) -> Bool {
        guard path.utf8.count <= longestPath else { return false }
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = Foundation.socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return result != 0 && errno == ECONNREFUSED
    }
}
