import Foundation
import GRDB

/// How a store is opened on its file system, and which journal keeps its changes until they are in it.
extension Store {
    /// The name by which SQLite opens the database with a parameter, as `nolock=1`.
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

    /// Sets a journal that works on the file system: a write-ahead log, or else a rollback journal.
    static func setJournal(_ traits: FolderTraits, of database: Database) throws {
        if traits.carriesLog {
            let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
            if mode == "wal" { return }
        }
        try database.execute(
            sql: """
                PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA locking_mode = NORMAL
                """)
        // SQLite gives the exclusive lock back only at its next access, so one is made.
        _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master")
    }

    /// Whether the database has a write-ahead log, by two bytes of its header.
    static func isOfLog(_ file: URL) throws -> Bool {
        guard let handle = try? FileHandle(forReadingFrom: file) else { return false }
        defer { try? handle.close() }
        let header = try handle.read(upToCount: 20) ?? Data()
        return header.count == 20 && header[18] == 2
    }

    /// Turns a store that has a write-ahead log into one that has none. Used if there are no locks, without
    /// which SQLite itself can't.
    ///
    /// - Throws: `ResultsError.unusable` if the log isn't empty.
    static func leaveLog(_ file: URL) throws {
        guard try isOfLog(file) else { return }
        let log = try? FileManager.default.attributesOfItem(atPath: file.path + "-wal")
        guard (log?[.size] as? Int ?? 0) == 0 else {
            throw ResultsError.unusable(
                path: file.path,
                reason:
                    "a run was killed that wrote it on a file system with locks, and its last changes are "
                    + "still in a log that can't be read without locks; copy the folder to a local disk, run "
                    + "`kdsweep export` there, and copy it back, or go on there with --output")
        }
        let handle = try FileHandle(forUpdating: file)
        defer { try? handle.close() }
        try handle.seek(toOffset: 18)
        try handle.write(contentsOf: Data([1, 1]))
        try handle.synchronize()
    }
}
