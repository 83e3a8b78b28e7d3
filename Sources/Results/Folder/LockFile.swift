import Foundation

/// Holds a results folder whose file system has no locks, by a file that only one process can make. A
/// process that is killed leaves the file behind; the next process on the same machine sees that its maker
/// is gone and replaces it.
struct LockFile: ~Copyable {
    private let path: String

    /// The process that made the file; no later process with the same number is taken for it.
    struct Holder: Hashable {
        var host: String
        var pid: Int32
        /// When the process started, in the kernel's ticks since the machine did; 0 if that isn't known.
        var startTicks: UInt64

        static var current: Holder {
            Holder(host: hostName, pid: getpid(), startTicks: ticks(of: getpid()) ?? 0)
        }

        init(host: String, pid: Int32, startTicks: UInt64) {
            (self.host, self.pid, self.startTicks) = (host, pid, startTicks)
        }

        /// Reads what `text` has written; nil if it is something else.
        init?(_ text: String) {
            let words = text.split(separator: " ")
            guard words.count == 3, let pid = Int32(words[1]), let ticks = UInt64(words[2]) else {
                return nil
            }
            self.init(host: String(words[0]), pid: pid, startTicks: ticks)
        }

        var text: String { "\(host) \(pid) \(startTicks)" }

        /// Whether the process is known to have ended; false on another machine, where that can't be seen.
        var isGone: Bool { host == Self.hostName && Self.ticks(of: pid) != startTicks }

        private static var hostName: String {
            var name = [CChar](repeating: 0, count: 256)
            gethostname(&name, name.count - 1)
            let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            return String(decoding: bytes, as: UTF8.self)
        }

        private static func ticks(of pid: Int32) -> UInt64? {
            guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                // The process's name, in parentheses, may have any character in it.
                let end = stat.lastIndex(of: ")")
            else { return nil }
            let fields = stat[stat.index(after: end)...].split(separator: " ")
            return fields.count > 19 && fields[0] != "Z" ? UInt64(fields[19]) : nil
        }
    }

    static func path(in folder: URL) -> String { folder.appending(path: ".lock.held").path }

    /// The process that holds the folder by such a file; nil if none does, as far as is known.
    static func holder(of folder: URL) -> Holder? {
        guard let text = try? String(contentsOfFile: path(in: folder), encoding: .utf8),
            let holder = Holder(text)
        else { return nil }
        return holder.isGone ? nil : holder
    }

    /// - Throws: `ResultsError.inUse` if another process holds the folder, or may, `.unusable`.
    init(folder: URL) throws {
        // The path is set last: `deinit` removes the file at it, which until here may be another process'.
        let path = Self.path(in: folder)
        let own =
            "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max))\(AtomicFile.temporarySuffix)"
        do { try Data(Holder.current.text.utf8).write(to: URL(filePath: own)) } catch {
            throw ResultsError.unusable(path: own, reason: error.localizedDescription)
        }
        defer { unlink(own) }
        // Making a hard link is atomic, also over a network, and fails if the name exists.
        for _ in 0..<5 {
            if link(own, path) == 0 {
                self.path = path
                return
            }
            guard errno == EEXIST else { throw ResultsError.system(path) }
            if let holder = Self.holder(of: folder) {
                throw ResultsError.inUse(
                    folder: folder.path,
                    holder:
                        "process \(holder.pid) on \(holder.host); if that has ended, remove \(path)"
                )
            }
            // The old file is renamed, not removed: two processes may take it over at once, and one rename fails.
            let stale = own + ".stale"
            if rename(path, stale) == 0 { unlink(stale) }
        }
        throw ResultsError.inUse(folder: folder.path, holder: "others that come at the same time")
    }

    deinit { unlink(path) }
}
