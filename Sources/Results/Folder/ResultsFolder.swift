import Foundation
import Host
import Sweep

/// The folder of a sweep's results, and the names of the files in it.
public struct ResultsFolder: Hashable, Sendable {
    public var url: URL

    /// The folder at `url`, whether it exists or not.
    public init(at url: URL) {
        self.url = url
    }

    /// `results/NAME` in the current folder; its paths are shown relative to that, and so are short.
    public init(named name: String) {
        self.url = URL(fileURLWithPath: "results/\(name)", isDirectory: true)
    }

    public var cells: URL { url.appending(path: "cells.csv") }
    public var summary: URL { url.appending(path: "summary.csv") }
    public var best: URL { url.appending(path: "best.csv") }
    public var store: URL { url.appending(path: "sweep.sqlite") }
    public var sweepFile: URL { url.appending(path: "sweep.yaml") }
    /// Where a run stands. Hidden, since it is only for `kdsweep status` and holds no results.
    public var status: URL { url.appending(path: ".status.json") }
    public var report: URL { url.appending(path: "report.html") }
    public var figures: URL { url.appending(path: "figures") }

    /// The CSVs that a sweep has.
    public func tables(of sweep: Sweep) -> [URL] {
        [cells, summary] + (BestQuestion.standard(of: sweep) == nil ? [] : [best])
    }

    /// Creates the folder and those above it if they are missing.
    ///
    /// - Throws: `ResultsError.unusable`, also if a file has the folder's name.
    public func create() throws {
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw ResultsError.unusable(path: url.path, reason: reason(of: error))
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder),
            isFolder.boolValue
        else { throw ResultsError.unusable(path: url.path, reason: "a file is in the way") }
    }

    /// Writes `sweep.yaml`, the sweep as run.
    ///
    /// - Throws: `SystemError`; an older file is then as it was.
    public func write(sweepFile text: String) throws {
        let file = try AtomicFile(replacing: sweepFile)
        try file.write(Array(text.utf8))
        try file.commit()
    }

    /// Writes the snapshot of a run. Doesn't wait for the disk: after a power cut there may be none,
    /// or one of no bytes.
    ///
    /// - Throws: `SystemError`; an older snapshot is then as it was.
    public func write(status: Data) throws {
        let file = try AtomicFile(replacing: self.status)
        try file.write(Array(status))
        try file.publish()
    }

    /// Removes the temporary files that a killed process left. Only for the process that holds the store for
    /// a run. An export that is writing here at the same time would lose its file and fail, which leaves the
    /// old CSVs.
    ///
    /// - Throws: `ResultsError.unusable`.
    public func removeStaleFiles() throws {
        do {
            for name in try FileManager.default.contentsOfDirectory(atPath: url.path)
            where name.hasPrefix(".") && name.hasSuffix(AtomicFile.temporarySuffix) {
                try FileManager.default.removeItem(at: url.appending(path: name))
            }
        } catch {
            throw ResultsError.unusable(path: url.path, reason: reason(of: error))
        }
    }
}
