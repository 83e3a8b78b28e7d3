import Foundation

/// A file that only this user can read (mode 0600). It is replaced as a whole: a reader never sees half.
enum PrivateFile {
    /// Replaces the file's content. Also removes partial files of processes that were killed while they
    /// wrote this file; for that only one process may write it at a time.
    static func write(_ bytes: [UInt8], to file: URL) throws(SystemError) {
        let folder = file.deletingLastPathComponent()
        // The same naming as that of partial files in results folders.
        let (mark, ending) = (".\(file.lastPathComponent).", ".partial")
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        for stale in names ?? [] where stale.hasPrefix(mark) && stale.hasSuffix(ending) {
            unlink(folder.appending(path: stale).path)
        }
        let name = "\(mark)\(getpid())-\(UInt32.random(in: 0 ... .max))\(ending)"
        let temporary = folder.appending(path: name).path
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemError("write \(file.path)", code: errno) }
        defer {
            close(descriptor)
            unlink(temporary)
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw SystemError("write \(file.path)", code: errno)
            }
        }
        guard fsync(descriptor) == 0, rename(temporary, file.path) == 0 else {
            throw SystemError("write \(file.path)", code: errno)
        }
    }

    /// Makes a folder that only this user can enter (mode 0700), and those above it.
    static func makeFolder(_ folder: URL) throws(SystemError) {
        let path = folder.path
        let above = folder.deletingLastPathComponent()
        var isFolder: ObjCBool = false
        if !FileManager.default.fileExists(atPath: above.path, isDirectory: &isFolder) {
            try makeFolder(above)
        }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw SystemError("make the folder \(path)", code: errno)
        }
    }
}
