import Foundation
import Host
import GRDB

/// Finds out whether an open file is still at its path. Writing to a file that was deleted succeeds, but
/// what is written is lost when the file is closed.
struct Placement {
    private let path: String
    private let device: dev_t
    private let number: ino_t

    /// Notes which file is at the path now; nil if there is none.
    init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        (self.path, device, number) = (path, status.st_dev, status.st_ino)
    }

    enum State { case there, missing, replaced }

    /// Whether that file is still at the path. Cost: one system call.
    var state: State {
        var status = stat()
        guard stat(path, &status) == 0 else {
            // Other errors don't say that the file is gone: the file system may not answer for a while.
            return [ENOENT, ENOTDIR].contains(errno) ? .missing : .there
        }
        return (status.st_dev, status.st_ino) == (device, number) ? .there : .replaced
    }
}

extension Store {
    /// Checks that the store is still at its path. If nothing is there any more, writes what is stored there
    /// anew: the folder, and in it a store, as a whole or not at all.
    ///
    /// - Throws: `ResultsError.displaced` if the store isn't at its path: rows that were stored from now on
    ///   wouldn't be found again. Cost: a system call.
    public func checkPlace() throws {
        guard let placement else { return }
        switch placement.state {
        case .there: return
        case .replaced:
            throw ResultsError.displaced(
                path: path,
                rescue:
                    "another store is there now and was left as it is; put the right one back, and the "
                    + "same command resumes")
        case .missing:
            throw ResultsError.displaced(path: path, rescue: rescued())
        }
    }

    private func rescued() -> String {
        do {
            try ResultsFolder(at: URL(filePath: path).deletingLastPathComponent()).create()
            let temporary = "\(path).\(getpid())\(AtomicFile.temporarySuffix)"
            try access { try $0.execute(sql: "VACUUM INTO ?", arguments: [temporary]) }
            // Unlike a renaming, a link fails if another process has made a store at that path, which stays.
            guard link(temporary, path) == 0 else { throw ResultsError.system(path) }
            unlink(temporary)
            return "what was stored has been written there anew, and the same command resumes"
        } catch {
            return
                "what was stored could not be written there anew (\(error)), and is lost when the run ends"
        }
    }
}
