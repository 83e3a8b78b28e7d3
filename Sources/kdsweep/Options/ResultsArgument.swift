import ArgumentParser
import Foundation
import Results

/// The results folder that a command reads.
struct ResultsArgument: ParsableArguments {
    @Argument(help: "The results folder, or its name below ./results.", completion: .directory)
    var folder: String

    var found: ResultsFolder { .found(at: folder) }
}

extension ResultsFolder {
    /// The folder at this path; if it has no results, and the path is a mere name, the folder of that name below
    /// ./results if this has some.
    static func found(at path: String) -> ResultsFolder {
        let folder = ResultsFolder(at: URL(filePath: path))
        let isName = !path.contains("/") && path != "." && path != ".."
        guard !folder.hasResults, isName else { return folder }
        let named = ResultsFolder(named: path)
        return named.hasResults ? named : folder
    }

    private var hasResults: Bool {
        [store, status].contains { FileManager.default.fileExists(atPath: $0.path) }
    }
}
