import Foundation

/// A file that appears under its name whole or not at all. It is written under a temporary name in the same
/// folder and then renamed; if it isn't committed, it is removed.
package struct AtomicFile: ~Copyable {
    /// How temporary names end.
    package static let temporarySuffix = ".partial"

    private let path: String
    private let temporaryPath: String
    private let descriptor: Int32

    /// - Parameter mode: the file's permissions, less those that the process' umask takes away.
    /// - Throws: if the folder can't be written.
    package init(replacing file: URL, mode: mode_t = 0o666) throws(SystemError) {
        path = file.path
        let name = "\(Self.mark(file))\(getpid())-\(UInt32.random(in: 0 ... .max))"
        temporaryPath =
            file.deletingLastPathComponent().appending(path: name + Self.temporarySuffix).path
        let descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw SystemError("write \(path)", code: errno) }
        self.descriptor = descriptor
    }

    /// Removes the temporary files of processes that were killed while they wrote this file. No other process
    /// may be writing it.
    package static func removeTemporaries(of file: URL) {
        let folder = file.deletingLastPathComponent()
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        for name in names ?? []
        where name.hasPrefix(mark(file)) && name.hasSuffix(temporarySuffix) {
            unlink(folder.appending(path: name).path)
        }
    }

    /// How the temporary names of a file begin.
    private static func mark(_ file: URL) -> String { ".\(file.lastPathComponent)." }

    /// - Throws: as on a full disk.
    package func write(_ bytes: [UInt8]) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else {
                try check(errno == EINTR)
            }
        }
    }

    /// Waits until the bytes are on the disk, so that `commit` has only to rename the file.
    package func synchronize() throws(SystemError) { try check(fsync(descriptor) == 0) }

    /// Gives the file its name, in place of an older file, so that it survives a power cut. Nothing can be
    /// written to it afterwards.
    ///
    /// - Throws: an older file is then as it was.
    package func commit() throws(SystemError) {
        try synchronize()
        try publish()
        let folder = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_CLOEXEC)
        try check(folder >= 0)
        defer { close(folder) }
        try check(fsync(folder) == 0)
    }

    /// As `commit`, for a file that need not survive a power cut: it doesn't wait for the disk.
    ///
    /// - Throws: an older file is then as it was.
    package func publish() throws(SystemError) { try check(rename(temporaryPath, path) == 0) }

    /// - Throws: the error in `errno` if the system call before this has failed.
    private func check(_ isDone: Bool) throws(SystemError) {
        guard isDone else { throw SystemError("write \(path)", code: errno) }
    }

    deinit {
        close(descriptor)
        // After a commit no file has the temporary name, and unlink does nothing.
        unlink(temporaryPath)
    }
}
