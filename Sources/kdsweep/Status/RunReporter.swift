import Cluster
import Dashboard
import Foundation

/// Says where a run stands in the terms that are told outside of its process: seconds, and the cells that earlier
/// runs have stored.
struct RunReporter: Sendable {
    /// The sweep's name.
    let sweep: String
    /// Cells that earlier runs have stored.
    let storedBefore: Int

    /// O(workers).
    func state(
        of standing: Standing, _ state: RunState.State = .running, because reason: String? = nil
    ) -> RunState {
        let isOver = state != .running || standing.cellsDone >= standing.cellsTotal
        return RunState(
            sweep: sweep, state: state, reason: reason,
            elapsedSeconds: seconds(standing.elapsed),
            secondsLeft: isOver ? nil : standing.timeLeft.map(seconds),
            secondsExpected: isOver ? nil : standing.timeExpected.map(seconds),
            cells: .init(
                storedBefore: storedBefore, done: standing.cellsDone,
                failed: standing.cellsFailed, total: standing.cellsTotal,
                expected: isOver ? nil : standing.cellsExpected,
                perSecond: milli(standing.cellsPerSecond)),
            tasks: .init(
                waiting: standing.tasks.waiting, leased: standing.tasks.leased,
                running: standing.tasks.running, finished: standing.tasks.finished,
                failed: standing.tasks.failed, attempts: standing.tasks.attempts),
            workers: standing.workers.map { worker in
                .init(
                    host: worker.host, pid: worker.pid, running: worker.running,
                    queued: worker.queued, finished: worker.finished,
                    cellsPerSecond: milli(worker.cellsPerSecond),
                    heardSecondsAgo: seconds(worker.silence))
            },
            malformedMessages: standing.malformed, strangersTurnedAway: standing.strangers,
            launch: standing.launch.map {
                .init(
                    launcher: $0.launcher, queued: $0.queued, running: $0.running,
                    maximum: $0.maximum, obstacle: $0.obstacle)
            },
            failures: latest(standing.failures) { failure in
                .init(
                    task: failure.task, cells: failure.cells, reason: failure.reason,
                    secondsAgo: seconds(standing.elapsed - failure.at))
            },
            goneWorkers: latest(standing.departures) { departure in
                .init(
                    host: departure.host, pid: departure.pid, reason: departure.reason,
                    secondsAgo: seconds(standing.elapsed - departure.at))
            })
    }
}

/// The latest first; nil instead of none.
private func latest<Old, New>(_ list: [Old], _ make: (Old) -> New) -> [New]? {
    list.isEmpty ? nil : list.reversed().map(make)
}

private func seconds(_ duration: Duration) -> Double { milli(duration / .seconds(1)) }

/// To three digits after the point.
private func milli(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
