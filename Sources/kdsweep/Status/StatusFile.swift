import Cluster
import Dashboard
import Foundation
import Host
import Logging
import Results

/// Writes a run's snapshot into its results folder each second, for `kdsweep status`.
final class StatusFile {
    private let reporter: RunReporter
    private let folder: ResultsFolder
    private let log: Logger
    private let process = ProcessIdentity.current
    private var standing = Standing.idle
    private var writtenAt: Duration?
    private var hasComplained = false

    static let interval = Duration.seconds(1)

    init(of reporter: RunReporter, in folder: ResultsFolder, log: Logger) {
        self.reporter = reporter
        self.folder = folder
        self.log = log
    }

    /// Writes the run's standing if the last writing is `interval` ago.
    func update(_ standing: Standing) {
        self.standing = standing
        guard writtenAt.map({ standing.elapsed - $0 >= Self.interval }) ?? true else { return }
        writtenAt = standing.elapsed
        write(.running, reason: nil)
    }

    /// The run has ended, with the standing that was the last to be given.
    func end(as state: RunState.State, because reason: String? = nil) {
        write(state, reason: reason)
    }

    /// A snapshot that can't be written is no reason to stop: the store may well have room again
    /// later, and the results don't depend on it.
    private func write(_ state: RunState.State, reason: String?) {
        let status = Status(
            run: reporter.state(of: standing, state, because: reason), process: process,
            writtenAt: Date())
        do { try folder.write(status: try status.encoded()) } catch {
            if !hasComplained {
                log.warning("the snapshot for `kdsweep status` can't be written: \(error)")
            }
            hasComplained = true
        }
    }
}
