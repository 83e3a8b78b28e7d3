import Foundation

/// Whether tests can run that need more than a toolchain. Where everything must be tested they always do,
/// and fail with the reason; elsewhere it is said that they don't.
///
/// - Parameters:
///   - what: is tested.
///   - needs: what it takes, and how one gets it.
func canTest(_ what: String, _ needs: String, if isThere: () throws -> Bool) -> Bool {
    guard ProcessInfo.processInfo.environment["CI"] == nil else { return true }
    var fault = ""
    do { if try isThere() { return true } } catch { fault = ": \(error)" }
    FileHandle.standardError.write(Data("SKIPPED, \(what): needs \(needs)\(fault)\n".utf8))
    return false
}

/// Whether all of these programs, given by their paths, are there.
func arePrograms(_ paths: String...) -> Bool {
    paths.allSatisfy(FileManager.default.isExecutableFile)
}
