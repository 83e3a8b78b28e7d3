import Foundation

/// Whether tests are run that need more than a toolchain. They are, and fail with the reason where that isn't
/// there; with `KDSWEEP_SKIP=1` they are left out there instead, which is said.
///
/// - Parameters:
///   - what: is tested.
///   - needs: what it takes, and how one gets it.
///   - isOptional: whether they are left out by themselves, but for continuous integration.
func canTest(
    _ what: String, _ needs: String, isOptional: Bool = false, if isThere: () throws -> Bool
) -> Bool {
    let environment = ProcessInfo.processInfo.environment
    let maySkip = isOptional || environment["KDSWEEP_SKIP"] == "1"
    guard maySkip, environment["CI"] == nil else { return true }
    var fault = ""
    do { if try isThere() { return true } } catch { fault = ": \(error)" }
    FileHandle.standardError.write(Data("SKIPPED, \(what): needs \(needs)\(fault)\n".utf8))
    return false
}

/// Whether all of these programs, given by their paths, are there.
func arePrograms(_ paths: String...) -> Bool {
    paths.allSatisfy(FileManager.default.isExecutableFile)
}
