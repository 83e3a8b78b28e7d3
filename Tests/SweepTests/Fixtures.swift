import Foundation

@testable import Sweep

/// The sweep files and tables beside the tests.
enum Fixtures {
    /// A file whose messages name it by this path, on every machine.
    static func url(_ path: String) -> URL {
        URL(fileURLWithPath: path, relativeTo: root)
    }

    /// The names without their ending, sorted.
    static func names(in folder: String, ending: String) -> [String] {
        let files =
            (try? FileManager.default.contentsOfDirectory(
                at: root.appending(path: folder), includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == ending }
            .map { $0.deletingPathExtension().lastPathComponent }.sorted()
    }

    /// The source folder to write snapshots to, where they are to be written.
    static var recording: URL? {
        guard ProcessInfo.processInfo.environment["KDSWEEP_RECORD"] == "1" else { return nil }
        return URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures")
    }

    /// A sweep from text, as if it were in a file beside the fixtures.
    static func sweep(_ text: String, name: String = "test") throws(SweepFileError) -> Sweep {
        try Sweep(text: text, file: url("\(name).yaml"))
    }

    private static var root: URL {
        guard let resources = Bundle.module.resourceURL else {
            preconditionFailure("the test bundle has resources")
        }
        return resources.appending(path: "Fixtures", directoryHint: .isDirectory)
    }
}

extension Sweep {
    /// Checks a sweep file's text, as if it were in that file.
    init(text: String, file: URL) throws(SweepFileError) {
        self = try SweepReading(text: text, file: file, isStream: false).sweep
    }
}
