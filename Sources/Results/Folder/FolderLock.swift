import Foundation
import Host

/// Keeps other processes from writing to a results folder. Ends when it goes out of scope or the process
/// ends, however it ends.
struct FolderLock: ~Copyable {
    private let descriptor: Int32
    /// Holds the folder if its file system has no locks; nil otherwise.
    private let file: Held?
    /// What the folder's file system can do.
    let traits: FolderTraits

    /// A class only because a noncopyable value can't be optional in a copyable store.
    private final class Held {
        let file: LockFile
        init(_ folder: URL) throws { file = try LockFile(folder: folder) }
    }

    /// Waits a fifth of a second at most, since a holder that was just killed may keep the lock for a moment,
    /// and so may a child of this process between its fork and its exec.
    ///
    /// - Throws: `ResultsError.inUse` if another process (or another lock of this one) holds the folder,
    ///   `.unusable` if the lock's file can't be made.
    init(folder: URL) throws {
        let path = folder.appending(path: ".lock").path
        // Close-on-exec: a worker that this process starts must not keep the folder locked after it.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw ResultsError.system(path) }
        var patience = 20
        var held: Held?
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if FolderTraits.lacksLocks(errno) {
                do { held = try Held(folder) } catch {
                    close(descriptor)
                    throw error
                }
                break
            }
            guard errno == EWOULDBLOCK, patience > 0 else {
                defer { close(descriptor) }
                guard errno == EWOULDBLOCK else { throw ResultsError.system(path) }
                throw ResultsError.inUse(folder: folder.path, holder: Self.holder(descriptor))
            }
            patience -= 1
            usleep(10_000)
        }
        self.descriptor = descriptor
        file = held
        traits = FolderTraits(of: descriptor)
        let holder = "process \(getpid()) on \(hostName)"
        // Only the text of a refusal depends on this, so it may fail, as on a full disk.
        _ = ftruncate(descriptor, 0)
        _ = holder.withCString { pwrite(descriptor, $0, strlen($0), 0) }
    }

    /// The file stays. If it were removed, a second process that has it open could lock it while a third one
    /// locks a new file.
    deinit { close(descriptor) }

    private static func holder(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 300)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : "unknown"
    }
}
