import Dashboard
import Foundation

/// A snapshot in words and a table.
struct StatusReport {
    /// What is known of the run's process.
    enum Pulse: Hashable {
        case running
        /// The process should have written a newer snapshot; `isThere` is nil where it can't be seen
        /// whether it is there.
        case silent(isThere: Bool?)
        /// The process is gone, and its snapshot still says that it runs.
        case gone
        /// The process ended in order, and its snapshot says so.
        case ended
    }

    /// The results folder, as it is shown.
    let folder: String
    let status: Status
    let pulse: Pulse
    /// Seconds since the snapshot was written.
    let age: Double

    /// Several times `StatusFile.interval`, since no snapshot is written while the store commits.
    static let longestSilence = 5.0

    /// - Parameters:
    ///   - now: what the clock on the wall says.
    ///   - isAlive: whether the run's process is there; nil where that can't be seen.
    init(_ status: Status, in folder: String, now: Date, isAlive: Bool?) {
        self.folder = folder
        self.status = status
        age = max(0, now.timeIntervalSince(status.writtenAt))
        pulse =
            switch (status.run.state, isAlive) {
            case (.finished, _), (.interrupted, _), (.failed, _): .ended
            case (.running, false?): .gone
            case (.running, true?), (.running, nil):
                age > Self.longestSilence ? .silent(isThere: isAlive) : .running
            }
    }

    private var run: RunState { status.run }

    /// Lines, each with its line end.
    var text: String {
        var lines = ["\(run.sweep): \(headline)", process, "", cells, tasks]
        if run.malformedMessages > 0 || run.strangersTurnedAway > 0 {
            lines.append(
                "junk     \(run.malformedMessages) malformed messages dropped, "
                    + "\(run.strangersTurnedAway) strangers turned away")
        }
        switch pulse {
        case .running, .silent: lines += launch + failures + ["", workers] + goneWorkers
        case .gone, .ended: lines += failures
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var headline: String {
        let elapsed = ProgressDisplay.clock(.seconds(run.elapsedSeconds))
        switch (pulse, run.state) {
        case (.running, _):
            guard let left = run.secondsLeft else { return "running for \(elapsed)" }
            return "running for \(elapsed), \(ProgressDisplay.clock(.seconds(left))) left"
        case (.silent, _): return "no news for \(ProgressDisplay.clock(.seconds(age)))"
        case (.gone, _):
            return "killed or crashed after \(elapsed); the same command resumes"
        case (.ended, .finished): return "finished after \(elapsed)"
        case (.ended, .interrupted):
            return "interrupted after \(elapsed); the same command resumes"
        case (.ended, .failed):
            return "broken off after \(elapsed): \(run.reason ?? "no reason was given")"
        case (.ended, .running): preconditionFailure("a run that goes on hasn't ended")
        }
    }

    private var process: String {
        let process = "\(folder), process \(status.process.pid) on \(status.process.host)"
        switch pulse {
        case .running: return process
        case .silent(isThere: true?):
            return "\(process): it is there, but may be stopped, or its disk is full"
        case .silent: return "\(process): whether it is there can't be seen from here"
        case .gone: return "\(process): it is gone"
        case .ended: return "\(process) at \(status.writtenAt.ISO8601Format())"
        }
    }

    private var cells: String {
        let cells = run.cells
        let (done, total) = (cells.storedBefore + cells.done, cells.storedBefore + cells.total)
        var parts = ["\(done) of \(total) stored"]
        if let expected = cells.expected, expected > cells.total {
            let clock = run.secondsExpected.map {
                " in \(ProgressDisplay.clock(.seconds($0)))"
            }
            parts.append("some \(cells.storedBefore + expected) expected\(clock ?? "")")
        }
        if cells.storedBefore > 0 { parts.append("\(cells.storedBefore) of them by earlier runs") }
        if cells.failed > 0 { parts.append("\(cells.failed) failed") }
        if cells.perSecond > 0 { parts.append(ProgressDisplay.rate(cells.perSecond)) }
        return "cells    " + parts.joined(separator: ", ")
    }

    private var tasks: String {
        let tasks = run.tasks
        return
            "tasks    \(tasks.waiting) waiting, \(tasks.leased) leased, \(tasks.running) running, "
            + "\(tasks.finished) finished, \(tasks.failed) failed; \(tasks.attempts) attempts"
    }

    private var launch: [String] {
        guard let launch = run.launch else { return [] }
        let counts = "\(launch.running) running, \(launch.queued) queued, at most \(launch.maximum)"
        return ["launch   \(launch.launcher): \(counts)"]
            + (launch.obstacle.map { ["         \($0)"] } ?? [])
    }

    private var workers: String {
        guard !run.workers.isEmpty else { return "no worker is there" }
        let header = ["WORKER", "TASK", "QUEUED", "FINISHED", "CELLS/S", "LAST HEARD"]
        return TextTable(
            [header]
                + run.workers.map { worker in
                    [
                        "\(worker.host):\(worker.pid)",
                        worker.running.isEmpty
                            ? "-" : worker.running.map(String.init).joined(separator: ","),
                        "\(worker.queued)", "\(worker.finished)",
                        Self.oneDigit(worker.cellsPerSecond),
                        "\(Self.oneDigit(worker.heardSecondsAgo)) s ago",
                    ]
                }
        ).text
    }

    /// How many failures, and how many gone workers, are shown: the latest. The CSV has all failures.
    private static let mostLines = 5

    private var failures: [String] {
        let failures = run.failures ?? []
        let lines = failures.prefix(Self.mostLines).map { failure in
            let cells = failure.cells == 1 ? "1 cell" : "\(failure.cells) cells"
            return "failed   task \(failure.task), \(cells): \(failure.reason)"
        }
        let more = run.tasks.failed - lines.count
        guard !lines.isEmpty, more > 0 else { return lines }
        return lines + ["         and \(more) more"]
    }

    private var goneWorkers: [String] {
        let gone = (run.goneWorkers ?? []).prefix(Self.mostLines).map { worker in
            let age = ProgressDisplay.clock(.seconds(worker.secondsAgo + age))
            return "gone     \(worker.host):\(worker.pid), \(age) ago: \(worker.reason)"
        }
        return gone.isEmpty ? [] : [""] + gone
    }

    private static func oneDigit(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
