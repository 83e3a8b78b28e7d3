import Foundation
import GRDB

/// How a store is opened on its file system, and what keeps its changes until they are in it.
extension Store {
    /// The name of a database that is to be opened in another way than usual.
    static func uri(_ file: URL, _ parameter: String) -> String {
        file.absoluteURL.absoluteString.replacing("file://", with: "file:") + "?\(parameter)"
    }

    static func traits(of folder: ResultsFolder) -> FolderTraits {
        let lock = folder.url.appending(path: ".lock").path
        var descriptor = open(lock, O_RDWR | O_CLOEXEC)
        if descriptor < 0 { descriptor = open(lock, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { return FolderTraits() }
        defer { close(descriptor) }
        return FolderTraits(of: descriptor)
    }

    /// Chooses the journal that the file system carries.
    static func setJournal(_ traits: FolderTraits, of database: Database) throws {
        if traits.carriesLog {
            let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
            if mode == "wal" { return }
        }
        try database.execute(
            sql: """
                PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA locking_mode = NORMAL
                """)
        // SQLite gives the exclusive lock back at its next access, which this is.
        _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master")
    }

    /// Whether the file says that its changes are in a write-ahead log: two bytes of SQLite's header.
    static func isOfLog(_ file: URL) throws -> Bool {
        guard let handle = try? FileHandle(forReadingFrom: file) else { return false }
        defer { try? handle.close() }
        let header = try handle.read(upToCount: 20) ?? Data()
        return header.count == 20 && header[18] == 2
    }

    /// Turns a store that has a write-ahead log into one that has none, where SQLite itself can't, as there
    /// are no locks.
    static func leaveLog(_ file: URL) throws {
        guard try isOfLog(file) else { return }
        let log = try? FileManager.default.attributesOfItem(atPath: file.path + "-wal")
        guard (log?[.size] as? Int ?? 0) == 0 else {
            throw ResultsError.unusable(
                path: file.path,
                reason:
                    "a run was killed that wrote it where the file system has locks, and what it wrote "
                    + "last can't be taken in here; copy the folder to a local disk, run `kdsweep export` "
                    + "there, and copy it back, or go on there with --output")
        }
        let handle = try FileHandle(forUpdating: file)
        defer { try? handle.close() }
        try handle.seek(toOffset: 18)
        try handle.write(contentsOf: Data([1, 1]))
        try handle.synchronize()
    }
}
