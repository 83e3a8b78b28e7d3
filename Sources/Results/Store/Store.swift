import Foundation
import GRDB
import Sweep

/// The stored rows, in `sweep.sqlite`: what a later run resumes from, and which worker computed what, when
/// and how long it took.
///
/// A row's key is the digest of the sweep's settings and the cell's axis values. So sweeps that differ only
/// in their axes, metrics or name share rows, and no cell ever has two.
///
/// Durability: a write-ahead log with `synchronous = NORMAL`, or on a file system where none works (see
/// `FolderTraits`) a rollback journal with `synchronous = FULL`. Committed rows survive if the process is
/// killed. With the log a power cut may undo the last commits, whose cells are then computed again, but never
/// damages the store; syncing every commit would cost a disk's latency for each.
///
/// Used by one thread only. A store is closed and its folder released when the last reference goes.
public final class Store {
    public enum Purpose: Sendable {
        /// Creates the folder and the store if they are missing, brings an older store up to date, and locks
        /// the folder, so that there is one such store at a time. The lock ends with the process, however it
        /// ends.
        case running
        /// Changes nothing; during a run it sees what is committed.
        case reading
    }

    /// The sweep as run: the one that was last begun, by this process or an earlier one; nil in a new store. If its
    /// seeds follow a precision, each family has as many as the results ask for that were stored when the store was
    /// opened, or that have been inserted since.
    public var sweep: Sweep? { run?.sweep }
    /// The course of the seeds of the sweep as run; nil if these don't follow a precision.
    public private(set) var seedCourse: SeedCourse?

    let path: String
    /// Where the store was opened; nil if it is only read.
    private(set) var placement: Placement?
    private let queue: DatabaseQueue
    private var lock: FolderLock?
    /// What the folder's file system can do.
    private(set) var traits = FolderTraits()
    private(set) var run: Run?
    /// The kernels' ids by block number; 0 for one that has no rows yet.
    private var kernels: [Int] = []
    private var nextTask = 1

    /// A sweep that was begun, and the context of its settings then. A build with newer numerics would digest
    /// the same settings differently, but must still find the rows to export them.
    struct Run {
        var id: Int
        var context: Int
        var sweep: Sweep
        var positions: GridPositions
        /// Whether some rows' metrics come from more than one task.
        var hasEarlier = false
    }

    /// - Throws: `ResultsError`, each case of it: `.inUse`, `.foreign` and `.newer` before anything
    ///   was changed, `.missing` only for reading.
    public init(in folder: ResultsFolder, for purpose: Purpose) throws {
        path = folder.store.path
        var name = path
        var configuration = Configuration()
        // `insert` writes each row's task and kernel itself, so that a check would cost time and find nothing.
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(10)
        var pragmas =
            "PRAGMA page_size = 8192; PRAGMA cache_size = -65536; PRAGMA synchronous = NORMAL"
        switch purpose {
        case .running:
            try folder.create()
            let lock = try FolderLock(folder: folder.url)
            traits = lock.traits
            self.lock = consume lock
            if !traits.hasLocks {
                try Self.leaveLog(folder.store)
                name = Self.uri(folder.store, "nolock=1")
            } else if !traits.carriesLog {
                // An earlier run may have left a log. Without shared memory SQLite can read it only if no other
                // process has the store open.
                pragmas = "PRAGMA locking_mode = EXCLUSIVE; \(pragmas)"
            }
        case .reading:
            guard FileManager.default.fileExists(atPath: path) else {
                throw ResultsError.missing(path: path)
            }
            // If there is a log, a run has it open, or was killed: a connection that can't write leaves it.
            // If there is none, the connection makes one, and only one that can write removes it again.
            let hasLog = FileManager.default.fileExists(atPath: path + "-wal")
            let isWritable = FileManager.default.isWritableFile(atPath: folder.url.path)
            configuration.readonly = hasLog || !isWritable
            // If it can't make one either, SQLite opens the store only as one that no process changes.
            if !hasLog, !isWritable { name = Self.uri(folder.store, "immutable=1") }
            traits = Self.traits(of: folder)
            if !traits.hasLocks {
                if let holder = LockFile.holder(of: folder.url) {
                    throw ResultsError.unusable(
                        path: path,
                        reason:
                            "a run writes to it (process \(holder.pid) on \(holder.host)), and this file "
                            + "system has no locks, so it can be read only when that run has ended"
                    )
                }
                name = Self.uri(folder.store, hasLog ? "nolock=1" : "immutable=1")
            } else if !traits.hasSharedMemory, !hasLog, try Self.isOfLog(folder.store) {
                name = Self.uri(folder.store, "immutable=1")
            }
            pragmas += "; PRAGMA query_only = 1"
        }
        configuration.prepareDatabase { [pragmas] in try $0.execute(sql: pragmas) }
        queue = try Self.reporting(path) { [name] in
            try DatabaseQueue(path: name, configuration: configuration)
        }
        try access { database in
            let version = try Self.version(of: database, path: path)
            switch purpose {
            case .running:
                try Self.bringUpToDate(database, from: version)
                try Self.setJournal(traits, of: database)
                // Short, since the coordinator hears no worker while it waits for a lock. It tries again later.
                try database.execute(sql: "PRAGMA busy_timeout = 500")
            case .reading:
                guard version != nil else { throw ResultsError.empty(path: path) }
            }
            switch purpose {
            // A run doesn't need the last sweep, which may be unreadable: it begins its own.
            case .running: run = try? Self.lastRun(in: database, path: path)
            case .reading:
                run = try Self.lastRun(in: database, path: path)
                // A failed cell has ended too. A run would try it again, and its family's course might be another.
                try followSeeds(in: database, from: Status.allCases)
            }
        }
        if case .running = purpose { placement = Placement(of: path) }
    }

    deinit {
        // Closed before the folder's lock is given back, so that the next run finds no log beside the store.
        try? queue.close()
    }

    /// Records the sweep as run. Afterwards `insert` takes its rows and `forEachRow` gives them.
    ///
    /// - Parameter build: the kdsweep that runs it; empty if that isn't known.
    /// - Throws: `ResultsError.unusable`. Cost: the sweep's encoding, and a pass over its kernels; where its seeds follow
    ///   a precision, a pass over its rows.
    public func begin(_ sweep: Sweep, at date: Date, build: String = "") throws {
        try transaction { database in
            let digest = sweep.settings.digest
            try database.execute(
                sql: "INSERT OR IGNORE INTO contexts (digest) VALUES (?)", arguments: [digest])
            let context = try Self.context(of: digest, in: database)!
            try database.execute(
                sql: "INSERT INTO runs (context, begun_at, sweep, build) VALUES (?, ?, ?, ?)",
                arguments: [
                    context, date.timeIntervalSince1970,
                    String(decoding: sweep.encoded(), as: UTF8.self), build,
                ])
            let positions = GridPositions(sweep.grid)
            run = Run(
                id: Int(database.lastInsertedRowID), context: context, sweep: sweep,
                positions: positions,
                hasEarlier: try Bool.fetchOne(database, sql: Schema.hasEarlier) ?? false)
            kernels = try Self.kernels(of: positions, context: context, in: database)
            nextTask = try Int.fetchOne(
                database, sql: "SELECT coalesce(max(id), 0) + 1 FROM tasks")!
            try followSeeds(in: database, from: Status.results)
        }
    }

    // MARK: - Seeds

    /// Follows the course of the seeds as far as the stored rows go.
    ///
    /// - Parameter statuses: of the rows that count.
    private func followSeeds(in database: Database, from statuses: [Status]) throws {
        seedCourse = try run.flatMap { try Self.course(of: $0, in: database, from: statuses) }
        if let seedCourse { run!.sweep.grid.seedCounts = seedCourse.counts }
    }

    /// Gives families whose cells have all ended the seeds that their results ask for.
    ///
    /// - Returns: the numbers of the new blocks; none if the sweep's seeds don't follow a precision. Cost: as of
    ///   `SeedCourse.advance`.
    public func extendSeeds() -> [Int] {
        guard let grown = seedCourse?.advance(), !grown.isEmpty else { return [] }
        run!.sweep.grid.seedCounts = seedCourse!.counts
        let most = run!.sweep.grid.seed.count
        return grown.flatMap { family, seeds in seeds.map { family * most + $0 } }
    }

    /// Stores the rows of tasks of the sweep that was begun, in one transaction: once this returns, they
    /// survive the process. For a cell that has a row already: a failed row is replaced; a result changes
    /// only if the new one has a metric that it lacks, and keeps the metrics that the new one lacks.
    ///
    /// - Returns: how many rows were stored; the others were there already.
    /// - Throws: `ResultsError.unusable`, as on a full disk; then nothing of the batch is stored.
    ///   `.displaced` if the store isn't at its path any more.
    ///   Cost: about 5 us a row with all metrics, and a commit.
    @discardableResult
    public func insert(_ batch: [Computed]) throws -> Int {
        guard let run, !kernels.isEmpty else {
            preconditionFailure("rows of a sweep that was not begun")
        }
        try checkPlace()
        guard !batch.isEmpty else { return 0 }
        let (stored, newKernels, taskAfter) = try transaction { database in
            var writer = try RowWriter(
                run: run, kernels: kernels, nextTask: nextTask, in: database)
            let stored = try batch.reduce(0) { try $0 + writer.store($1) }
            return (stored, writer.newKernels, writer.nextTask)
        }
        // Kept only after the commit: the ids of a transaction that was rolled back will be used again.
        for (block, id) in newKernels { kernels[block] = id }
        nextTask = taskAfter
        if seedCourse != nil {
            for computed in batch { for row in computed.rows { seedCourse!.note(row) } }
        }
        return stored
    }

    // MARK: - Access

    func access<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try Self.reporting(path) { try queue.writeWithoutTransaction(body) }
    }

    private func transaction<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try Self.reporting(path) { try queue.write(body) }
    }

    /// Turns SQLite's errors into ones that name the file.
    private static func reporting<Value>(_ path: String, _ body: () throws -> Value) throws -> Value
    {
        do { return try body() } catch let error as DatabaseError {
            if error.resultCode == .SQLITE_NOTADB { throw ResultsError.foreign(path: path) }
            throw ResultsError.unusable(path: path, reason: reason(error, path))
        }
    }

    /// The reason for the user. If the disk is too full for the files that SQLite makes beside the store,
    /// SQLite reports only a general error, so that is looked up here.
    private static func reason(_ error: DatabaseError, _ path: String) -> String {
        let message = error.message ?? error.resultCode.description
        var disk = statvfs()
        guard error.resultCode == .SQLITE_IOERR || error.resultCode == .SQLITE_CANTOPEN,
            statvfs((path as NSString).deletingLastPathComponent, &disk) == 0, disk.f_bavail == 0
        else { return message }
        return "\(message): \(String(cString: strerror(ENOSPC)))"
    }

    // MARK: - Keys

    static func context(of digest: String, in database: Database) throws -> Int? {
        try Int.fetchOne(
            database, sql: "SELECT id FROM contexts WHERE digest = ?", arguments: [digest])
    }

    /// The ids of a grid's kernels by block number; 0 for one that isn't stored.
    static func kernels(
        of positions: GridPositions, context: Int, in database: Database
    ) throws -> [Int] {
        var ids = [Int](repeating: 0, count: positions.blockCount)
        let statement = try Prepared(Schema(of: database).selectKernels, in: database)
        statement.bind(context, at: 1)
        while try statement.step() {
            if let block = positions.block(of: statement, from: 1) { ids[block] = statement.int(0) }
        }
        return ids
    }
}
