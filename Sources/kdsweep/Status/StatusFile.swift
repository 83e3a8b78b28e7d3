import Cluster
import Foundation
import Logging
import Results
import Sweep

/// Writes a run's snapshot into its results folder each second, for `kdsweep status`.
final class StatusFile {
    private let sweep: String
    private let folder: ResultsFolder
    private let storedBefore: Int
    private let log: Logger
    private let process = ProcessIdentity.current
    private var standing = Standing.idle
    private var writtenAt: Duration?
    private var hasComplained = false

    static let interval = Duration.seconds(1)

    /// - Parameter storedBefore: cells that earlier runs have stored.
    init(of sweep: Sweep, in folder: ResultsFolder, storedBefore: Int, log: Logger) {
        self.sweep = sweep.name
        self.folder = folder
        self.storedBefore = storedBefore
        self.log = log
    }

    /// Writes the run's standing if the last writing is `interval` ago.
    func update(_ standing: Standing) {
        self.standing = standing
        guard writtenAt.map({ standing.elapsed - $0 >= Self.interval }) ?? true else { return }
        writtenAt = standing.elapsed
        write(.running, reason: nil)
    }

    /// Writes that the run has ended, with the standing of the last update.
    func end(as state: Status.State, because reason: String? = nil) { write(state, reason: reason) }

    /// A snapshot that can't be written doesn't end the run, since no result depends on it. That is
    /// logged once.
    private func write(_ state: Status.State, reason: String?) {
        let status = Status(
            standing, of: sweep, storedBefore: storedBefore, state: state, reason: reason,
            process: process, now: Date())
        do { try folder.write(status: try status.encoded()) } catch {
            if !hasComplained {
                log.warning("the snapshot for `kdsweep status` can't be written: \(error)")
            }
            hasComplained = true
        }
    }
}
