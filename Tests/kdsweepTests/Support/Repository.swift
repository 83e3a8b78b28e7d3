import Foundation

/// The clone that these tests were built from.
enum Repository {
    /// The folder of `Package.swift`.
    static let root: URL = {
        var folder = URL(filePath: #filePath)
        repeat {
            folder.deleteLastPathComponent()
            precondition(folder.path != "/", "no folder above \(#filePath) has a Package.swift")
        } while !FileManager.default.fileExists(
            atPath: folder.appending(path: "Package.swift").path)
        return folder
    }()

    static func file(_ path: String) -> URL { root.appending(path: path) }
}
