import Foundation
import Logging
import Scheduling

/// The workers that a launcher keeps for a run. `Growth` decides; this calls the launcher and logs what went
/// wrong. Used by the coordinator's thread only.
final class LaunchedWorkers {
    private let launch: Launch
    private let log: Logger
    private var growth: Growth
    private var call: LauncherCall?
    private var lookAt = Duration.zero
    private var hasSaidUnfit = false
    /// Why the launcher doesn't start more workers; nil while nothing hinders it.
    private var obstacle: String?

    /// The time between two looks at the demand, each of which costs a pass over the tasks.
    private static let interval = Duration.milliseconds(200)

    init(_ launch: Launch, log: Logger, now: Duration) {
        self.launch = launch
        self.log = log
        growth = Growth(settings: launch.growth, now: now)
    }

    /// Does what is due, without waiting for anything.
    ///
    /// - Parameter demand: what there is to do for new workers; called only when it is needed.
    /// - Returns: jobs whose workers the coordinator is to tell to go.
    func turn(at now: Duration, demand: () -> Demand) -> [JobID] {
        var event = Growth.Event.ticked
        if let outcome = call?.outcome(at: now) {
            event = outcome
            call = nil
        }
        guard event != .ticked || now >= lookAt else { return [] }
        lookAt = now + Self.interval
        let demand = demand()
        noteUnfit(demand)
        var dismissed: [JobID] = []
        var events = [event]
        while let event = events.popLast() {
            for action in growth.handle(event, demand: demand, at: now) {
                switch action {
                case .list: events += begin(.list, at: now)
                case .start(let count):
                    log.info("\(launch.name): starting \(count) workers")
                    events += begin(.start(count), at: now)
                case .stop(let jobs):
                    log.info("\(launch.name): stopping \(jobs.joined(separator: " "))")
                    events += begin(.stop(jobs), at: now)
                case .dismiss(let job): dismissed.append(job)
                case .say(let notice): say(notice)
                }
            }
        }
        if !growth.isHampered { obstacle = nil }
        return dismissed
    }

    /// Why no worker will come from the launcher any more; nil while one may.
    var despair: String? { growth.isBarren ? obstacle : nil }

    /// From now on no worker is started, and the launcher is told to stop those that there are.
    func close(at now: Duration) {
        growth.close(at: now)
        lookAt = now
    }

    /// Whether the launcher has said after `close` that no worker is left.
    var isGone: Bool { growth.isGone }

    /// Called last: warns of workers that may be left, and removes empty output files.
    func end() {
        launch.removeEmptyLogs()
        let left = growth.jobIDs
        if growth.isGone || left.isEmpty { return }
        log.warning(
            "\(launch.name) may still have workers of this run: \(stopCommand(for: left))")
    }

    /// What is waited for after `close`, with the command by which a user can stop it; nil if nothing is.
    var whatIsLeft: String? {
        guard !growth.isGone else { return nil }
        let left = growth.jobIDs
        let workers = left.count == 1 ? "its last worker" : "its last \(left.count) workers"
        return left.isEmpty
            ? "waiting for \(launch.name) to say that no worker is left"
            : "waiting for \(launch.name) to stop \(workers) (\(stopCommand(for: left)))"
    }

    private func stopCommand(for jobs: [JobID]) -> String {
        ([launch.executable] + launch.arguments(of: .stop(jobs))).joined(separator: " ")
    }

    var standing: Standing.Launch {
        Standing.Launch(
            launcher: launch.name, queued: growth.queuedCount, running: growth.runningCount,
            maximum: launch.growth.maximum, obstacle: obstacle)
    }

    /// Begins to call the launcher.
    ///
    /// - Returns: a failure, if it can't be started; nothing otherwise.
    private func begin(_ order: Launch.Request, at now: Duration) -> [Growth.Event] {
        do {
            call = try LauncherCall(launch, order, at: now)
            return []
        } catch { return [.failed(reason: "\(error)")] }
    }

    // MARK: - Messages

    private func say(_ notice: Growth.Notice) {
        switch notice {
        case .failed(let failure, let wait):
            obstacle = words(failure)
            log.warning("\(words(failure)); trying again in \(seconds(wait))")
        case .paused(let failure, let count, let wait):
            obstacle = "paused after \(count) failures in a row, the last: \(words(failure))"
            log.error("\(obstacle!); trying again in \(seconds(wait))")
        case .gaveUp(let failure):
            obstacle = words(failure)
            log.error("\(words(failure)); it isn't tried again")
        case .unlisted(let reason):
            obstacle = "\(launch.name) doesn't say which workers it has: \(reason)"
            log.warning("\(obstacle!); none is started or stopped meanwhile")
        case .listedAgain:
            log.notice("\(launch.name) answers again")
        }
    }

    private func words(_ failure: Growth.Failure) -> String {
        switch failure {
        case .refused(let reason): "\(launch.name) starts no worker: \(reason)"
        case .barren(let job):
            "worker \(job) of \(launch.name) ended before it connected\(lastWords(of: job))"
        case .mute(let job, let time):
            "worker \(job) of \(launch.name) has not connected in \(seconds(time))\(lastWords(of: job))"
        }
    }

    private func lastWords(of job: JobID) -> String {
        launch.lastWords(of: job).map { ": \($0)" } ?? "; it may have said why in "
            + launch.log(of: job).path
    }

    private func seconds(_ duration: Duration) -> String {
        "\(Int((duration / .seconds(1)).rounded())) s"
    }

    private func noteUnfit(_ demand: Demand) {
        if demand.unfit == 0 { hasSaidUnfit = false }
        guard demand.unfit > 0, demand.unbegun == 0, !hasSaidUnfit else { return }
        hasSaidUnfit = true
        let tasks = demand.unfit == 1 ? "1 task needs" : "\(demand.unfit) tasks need"
        log.warning(
            """
            \(tasks) more memory or more time than \(launch.name)'s workers have: start a larger \
            worker by hand, or run this again with other launch options
            """)
    }
}
