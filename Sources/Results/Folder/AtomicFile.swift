import Foundation

/// A file that appears under its name whole or not at all. It is written under a temporary name in the same
/// folder and then renamed; if it isn't committed, it is removed.
struct AtomicFile: ~Copyable {
    /// How temporary names end.
    static let temporarySuffix = ".partial"

    private let path: String
    private let temporaryPath: String
    private let descriptor: Int32

    /// - Throws: `ResultsError.unusable` if the folder can't be written.
    init(replacing file: URL) throws {
        path = file.path
        let name = ".\(file.lastPathComponent).\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        temporaryPath =
            file.deletingLastPathComponent().appending(path: name + Self.temporarySuffix).path
        let descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw ResultsError.system(path) }
        self.descriptor = descriptor
    }

    /// - Throws: `ResultsError.unusable`, as on a full disk.
    func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw ResultsError.system(path)
            }
        }
    }

    /// Waits until the bytes are on the disk, so that `commit` has only to rename the file.
    ///
    /// - Throws: `ResultsError.unusable`.
    func synchronize() throws {
        guard fsync(descriptor) == 0 else { throw ResultsError.system(path) }
    }

    /// Gives the file its name, in place of an older file, so that it survives a power cut. Nothing can be
    /// written to it afterwards.
    ///
    /// - Throws: `ResultsError.unusable`; an older file is then as it was.
    func commit() throws {
        try synchronize()
        guard rename(temporaryPath, path) == 0 else { throw ResultsError.system(path) }
        let folder = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { throw ResultsError.system(path) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw ResultsError.system(path) }
    }

    /// As `commit`, for a file that need not survive a power cut: it doesn't wait for the disk.
    ///
    /// - Throws: `ResultsError.unusable`; an older file is then as it was.
    func publish() throws {
        guard rename(temporaryPath, path) == 0 else { throw ResultsError.system(path) }
    }

    deinit {
        close(descriptor)
        // After a commit no file has the temporary name, and unlink does nothing.
        unlink(temporaryPath)
    }
}
