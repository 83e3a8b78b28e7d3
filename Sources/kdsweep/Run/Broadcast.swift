import Cluster
import Dashboard
import Figures
import Foundation
import Results
import Sweep

/// Tells the dashboard where a run stands.
final class Broadcast {
    private let monitor: Monitor
    private let subject: Subject
    private var standing: Standing

    /// What doesn't change in a run.
    fileprivate struct Subject: Sendable {
        let sweep: String
        let folder: String
        let storedBefore: Int
        let tasks: TaskList
    }

    /// Opens the page and prints its address.
    ///
    /// - Parameters:
    ///   - blocks: those of the sweep's tasks that have something wanted.
    ///   - storedBefore: cells that earlier runs have stored.
    ///   - figures: draws what is stored, on a thread of its own.
    /// - Throws: `DashboardError`.
    init(
        of sweep: Sweep, blocks: [Block], in folder: ResultsFolder, storedBefore: Int,
        at address: WebAddress, figures: @escaping @Sendable () throws -> [Figure]
    ) throws {
        let subject = Subject(
            sweep: sweep.name, folder: folder.url.relativePath, storedBefore: storedBefore,
            tasks: sweep.tasks)
        var first = Standing.idle
        first.cellsTotal = blocks.reduce(0) { $0 + $1.wantedCount }
        (first.tasksTotal, first.tasks.waiting) = (blocks.count, blocks.count)
        (self.subject, standing) = (subject, first)
        monitor = try Monitor(
            at: address, first: { [first] in subject.snapshot(first, .running, reason: nil) },
            figures: figures)
        Console.shared.line("dashboard: \(monitor.url)")
        if !monitor.isLoopback {
            Console.shared.line(
                """
                warning: the dashboard isn't encrypted, and whoever sees its address on the network can \
                read it. With --dashboard \(monitor.port) it is for this machine only, and \
                `ssh -L \(monitor.port):127.0.0.1:\(monitor.port) \(ProcessInfo.processInfo.hostName)` \
                shows it on another
                """)
        }
    }

    /// Costs the run only a copy: what viewers see is made on the dashboard's own thread.
    func update(_ standing: Standing) {
        self.standing = standing
        monitor.update { [subject] in subject.snapshot(standing, .running, reason: nil) }
    }

    /// Shows that the run has ended, with the standing of the last update. Viewers are given a second to
    /// receive it.
    func end(as state: Status.State, because reason: String? = nil) {
        monitor.end { [subject, standing] in
            subject.snapshot(standing, RunState.State(state), reason: reason)
        }
    }
}

extension RunState.State {
    fileprivate init(_ state: Status.State) {
        self =
            switch state {
            case .running: .running
            case .finished: .finished
            case .interrupted: .interrupted
            case .failed: .failed
            }
    }
}

extension Broadcast.Subject {
    /// How many workers are listed; of the others only the number is shown.
    private static let mostWorkers = 200

    fileprivate func snapshot(
        _ standing: Standing, _ state: RunState.State, reason: String?
    ) -> RunState {
        let isOver = standing.cellsDone >= standing.cellsTotal
        return RunState(
            sweep: sweep, folder: folder, state: state, reason: reason,
            elapsedSeconds: seconds(standing.elapsed),
            secondsLeft: isOver || state != .running ? nil : standing.timeLeft.map(seconds),
            cells: .init(
                storedBefore: storedBefore, done: standing.cellsDone,
                failed: standing.cellsFailed, total: standing.cellsTotal,
                perSecond: milli(standing.cellsPerSecond)),
            tasks: .init(
                waiting: standing.tasks.waiting, leased: standing.tasks.leased,
                running: standing.tasks.running, finished: standing.tasks.finished,
                failed: standing.tasks.failed, attempts: standing.tasks.attempts),
            workers: standing.workers.prefix(Self.mostWorkers).map(worker),
            workerCount: standing.workers.count,
            gone: standing.departures.reversed().map { departure in
                .init(
                    name: "\(departure.host):\(departure.pid)",
                    secondsAgo: seconds(standing.elapsed - departure.at), reason: departure.reason)
            },
            failures: standing.failures.reversed().map { failure in
                .init(
                    work: tasks[failure.task].summary, cells: failure.cells,
                    secondsAgo: seconds(standing.elapsed - failure.at), reason: failure.reason)
            },
            malformedMessages: standing.malformed, strangersTurnedAway: standing.strangers,
            launch: standing.launch.map {
                .init(
                    launcher: $0.launcher, queued: $0.queued, running: $0.running,
                    maximum: $0.maximum, obstacle: $0.obstacle)
            })
    }

    private func worker(_ worker: Standing.Worker) -> RunState.Worker {
        .init(
            name: "\(worker.host):\(worker.pid)", work: worker.running.map { tasks[$0].summary },
            queued: worker.queued, finished: worker.finished,
            cellsPerSecond: milli(worker.cellsPerSecond), heardSecondsAgo: seconds(worker.silence))
    }
}

extension Block {
    /// A description for a reader who knows the sweep: `task 12: width 256, depth 3, seed 4, 32
    /// right-hand sides`.
    var summary: String {
        let sides = "\(rightHandSideCount) right-hand side\(rightHandSideCount == 1 ? "" : "s")"
        return "task \(number): width \(width), depth \(depth), seed \(seed), \(sides)"
    }
}
