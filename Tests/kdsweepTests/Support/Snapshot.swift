import Foundation
import Testing

/// Holds a text against the file of that name in `Tests/kdsweepTests/Snapshots`.
///
/// With KDSWEEP_SNAPSHOTS=write in the environment the files are written instead: `git diff` then shows
/// what has changed.
func expectSnapshot(
    _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let file = Repository.file("Tests/kdsweepTests/Snapshots").appending(path: name)
    if ProcessInfo.processInfo.environment["KDSWEEP_SNAPSHOTS"] == "write" {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
    let kept = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    #expect(
        text == kept, "if it is right, run the tests with KDSWEEP_SNAPSHOTS=write",
        sourceLocation: sourceLocation)
}
