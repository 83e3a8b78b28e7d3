import Foundation
import GRDB

/// Whether a file lies where it was opened: what is written into one that was deleted is lost with its
/// last descriptor, and nothing tells.
struct Placement {
    private let path: String
    private let device: dev_t
    private let number: ino_t

    /// Of the file that lies at the path now; nil where there is none.
    init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        (self.path, device, number) = (path, status.st_dev, status.st_ino)
    }

    enum State { case there, missing, replaced }

    /// One system call.
    var state: State {
        var status = stat()
        guard stat(path, &status) == 0 else {
            // Where the file system doesn't answer, nothing is known to be lost.
            return [ENOENT, ENOTDIR].contains(errno) ? .missing : .there
        }
        return (status.st_dev, status.st_ino) == (device, number) ? .there : .replaced
    }
}

extension Store {
    /// Finds out whether the store still lies at its path. Where nothing lies there, what is stored is
    /// written there anew: the folder, and in it a store that is whole or not there.
    ///
    /// - Throws: `ResultsError.displaced` where it doesn't: nothing that is stored from now on is found
    ///   again. Cost: a system call.
    public func checkPlace() throws {
        guard let placement else { return }
        switch placement.state {
        case .there: return
        case .replaced:
            throw ResultsError.displaced(
                path: path,
                rescue:
                    "another lies there now and was left as it is; put the right one back, and the same "
                    + "command resumes")
        case .missing:
            throw ResultsError.displaced(path: path, rescue: rescued())
        }
    }

    private func rescued() -> String {
        do {
            try ResultsFolder(at: URL(filePath: path).deletingLastPathComponent()).create()
            let temporary = "\(path).\(getpid())\(AtomicFile.temporarySuffix)"
            try access { try $0.execute(sql: "VACUUM INTO ?", arguments: [temporary]) }
            // Another process may have made a store at that path, which stays.
            guard link(temporary, path) == 0 else { throw ResultsError.system(path) }
            unlink(temporary)
            return "what was stored has been written there anew, and the same command resumes"
        } catch {
            return
                "what was stored could not be written there anew (\(error)), and goes with the run"
        }
    }
}
