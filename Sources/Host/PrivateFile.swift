import Foundation

/// A file that only this user can read (mode 0600). It is replaced as a whole: a reader never sees half.
package enum PrivateFile {
    /// Replaces the file's content. Also removes partial files of processes that were killed while they
    /// wrote this file; for that only one process may write it at a time.
    package static func write(_ bytes: [UInt8], to file: URL) throws(SystemError) {
        AtomicFile.removeTemporaries(of: file)
        let replacement = try AtomicFile(replacing: file, mode: 0o600)
        try replacement.write(bytes)
        try replacement.commit()
    }

    /// Makes a folder that only this user can enter (mode 0700), and those above it.
    package static func makeFolder(_ folder: URL) throws(SystemError) {
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
