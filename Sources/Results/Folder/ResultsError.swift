import Foundation

/// Why results could not be opened, read or written. The description is a sentence for the user.
public enum ResultsError: Error, Hashable, CustomStringConvertible {
    /// The folder has no store.
    case missing(path: String)
    /// The file is there, but isn't a store of kdsweep.
    case foreign(path: String)
    /// The store was written by a newer kdsweep.
    case newer(path: String, version: Int, supported: Int)
    /// Another process writes to the folder.
    case inUse(folder: String, holder: String)
    /// The store holds no sweep: nothing was ever run into it.
    case empty(path: String)
    /// The file system or SQLite refused; `reason` is theirs.
    case unusable(path: String, reason: String)
    /// The store isn't at its path any more: its folder was deleted, moved or replaced. `rescue` says what
    /// was done about it.
    case displaced(path: String, rescue: String)
    /// The caller has broken the operation off; older files are as they were.
    case cancelled

    public var description: String {
        switch self {
        case .missing(let path):
            "there is no store at \(path): was a sweep ever run into this folder?"
        case .foreign(let path):
            "\(path) is not a store of kdsweep; it was left as it is"
        case .newer(let path, let version, let supported):
            "\(path) was written by a newer kdsweep (its format is \(version), "
                + "this build reads up to \(supported)); use that kdsweep or another folder"
        case .inUse(let folder, let holder):
            "\(folder) is in use by another run (\(holder)); stop it or choose another folder"
        case .empty(let path):
            "\(path) holds no sweep yet"
        case .unusable(let path, let reason):
            "\(path): \(reason)"
        case .displaced(let path, let rescue):
            "\(path) was deleted, moved or replaced during the run; \(rescue)"
        case .cancelled: "broken off"
        }
    }

    /// The error of the last system call, from `errno`: the caller must have made no other since.
    static func system(_ path: String) -> ResultsError {
        .unusable(path: path, reason: String(cString: strerror(errno)))
    }
}
