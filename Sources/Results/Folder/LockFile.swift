import Foundation
import Host

/// Holds a results folder whose file system has no locks, by a file that only one process can make. A
/// process that is killed leaves the file behind; the next process on the same machine sees that its maker
/// is gone and replaces it.
struct LockFile: ~Copyable {
    private let path: String

    static func path(in folder: URL) -> String { folder.appending(path: ".lock.held").path }

    /// The process that holds the folder by such a file; nil if none does, as far as is known.
    static func holder(of folder: URL) -> ProcessIdentity? {
        guard let text = try? String(contentsOfFile: path(in: folder), encoding: .utf8),
            let holder = ProcessIdentity(text), holder.isAlive != false
        else { return nil }
        return holder
    }

    /// - Throws: `ResultsError.inUse` if another process holds the folder, or may, `.unusable`.
    init(folder: URL) throws {
        // The path is set last: `deinit` removes the file at it, which until here may be another process'.
        let path = Self.path(in: folder)
        let own =
            "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max))\(AtomicFile.temporarySuffix)"
        do { try Data(ProcessIdentity.current.text.utf8).write(to: URL(filePath: own)) } catch {
            throw ResultsError.unusable(path: own, reason: reason(of: error))
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

extension ProcessIdentity {
    /// Reads what `text` has written; nil if it is something else.
    init?(_ text: String) {
        let words = text.split(separator: " ")
        guard words.count == 3, let pid = Int32(words[1]), let ticks = UInt64(words[2]) else {
            return nil
        }
        self.init(host: String(words[0]), pid: pid, startTicks: ticks == 0 ? nil : ticks)
    }

    /// The host, the process' number and its start, with 0 for a start that isn't known.
    var text: String { "\(host) \(pid) \(startTicks ?? 0)" }
}
