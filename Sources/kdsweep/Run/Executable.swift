import Foundation

/// The path of the file that this process runs. If that file has been replaced, the path is the old one.
func executablePath() throws -> String {
    let path = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let mark = " (deleted)"
    return path.hasSuffix(mark) ? String(path.dropLast(mark.count)) : path
}

/// This very program as a file, even after an installation has replaced the one at its path: a process
/// that is started from here is of the same build.
let runningImage = "/proc/self/exe"
