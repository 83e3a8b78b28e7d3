import Cluster
import Foundation

/// Where a run stands, as its process writes it for `kdsweep status` and other programs.
struct Status: Codable, Hashable {
    /// Raised when a key changes its meaning or is removed, but not when one is added.
    static let version = 1

    enum State: String, Codable {
        case running
        /// The results are written.
        case finished
        case interrupted
        /// The run could not go on.
        case failed
    }

    struct Cells: Codable, Hashable {
        /// Cells that earlier runs have stored.
        var storedBefore: Int
        /// Cells that this run has stored, failed ones among them.
        var done: Int
        var failed: Int
        /// Cells that this run has to compute.
        var total: Int
        var perSecond: Double
    }

    struct Tasks: Codable, Hashable {
        var waiting: Int
        var leased: Int
        var running: Int
        var finished: Int
        var failed: Int
        var attempts: Int
    }

    struct Worker: Codable, Hashable {
        var host: String
        var pid: Int32
        /// Numbers of the tasks that it is solving.
        var running: [Int]
        var queued: Int
        var finished: Int
        var cellsPerSecond: Double
        /// Counted back from when the snapshot was written.
        var heardSecondsAgo: Double
    }

    struct Launch: Codable, Hashable {
        var launcher: String
        var queued: Int
        var running: Int
        var maximum: Int
        /// Why there aren't more workers; absent while nothing is in the way.
        var obstacle: String?
    }

    /// A task whose cells have failed.
    struct Failure: Codable, Hashable {
        var task: Int
        var cells: Int
        var reason: String
        /// Counted back from when the snapshot was written.
        var secondsAgo: Double
    }

    struct GoneWorker: Codable, Hashable {
        var host: String
        var pid: Int32
        var reason: String
        /// Counted back from when the snapshot was written.
        var secondsAgo: Double
    }

    var version = Status.version
    var sweep: String
    var state: State
    /// Why the run failed; absent otherwise.
    var reason: String?
    var process: ProcessIdentity
    var writtenAt: Date
    var elapsedSeconds: Double
    /// Absent until a task has finished, and once no cell is left.
    var secondsLeft: Double?
    var cells: Cells
    var tasks: Tasks
    var workers: [Worker]
    var malformedMessages: Int
    var strangersTurnedAway: Int
    /// Absent if the run has no launcher.
    var launch: Launch?
    /// The last failures, the latest first; absent if there is none. `tasks` counts them all.
    var failures: [Failure]?
    /// The last workers that went and didn't come back, the latest first; absent if there is none.
    var goneWorkers: [GoneWorker]?

    /// - Parameter now: what the clock on the wall says.
    init(
        _ standing: Standing, of sweep: String, storedBefore: Int, state: State, reason: String?,
        process: ProcessIdentity, now: Date
    ) {
        self.sweep = sweep
        self.state = state
        self.reason = reason
        self.process = process
        writtenAt = now
        elapsedSeconds = seconds(standing.elapsed)
        secondsLeft =
            standing.cellsDone < standing.cellsTotal ? standing.timeLeft.map(seconds) : nil
        cells = Cells(
            storedBefore: storedBefore, done: standing.cellsDone, failed: standing.cellsFailed,
            total: standing.cellsTotal, perSecond: milli(standing.cellsPerSecond))
        tasks = Tasks(
            waiting: standing.tasks.waiting, leased: standing.tasks.leased,
            running: standing.tasks.running, finished: standing.tasks.finished,
            failed: standing.tasks.failed, attempts: standing.tasks.attempts)
        workers = standing.workers.map { worker in
            Worker(
                host: worker.host, pid: worker.pid, running: worker.running,
                queued: worker.queued, finished: worker.finished,
                cellsPerSecond: milli(worker.cellsPerSecond),
                heardSecondsAgo: seconds(worker.silence))
        }
        malformedMessages = standing.malformed
        strangersTurnedAway = standing.strangers
        launch = standing.launch.map {
            Launch(
                launcher: $0.launcher, queued: $0.queued, running: $0.running,
                maximum: $0.maximum, obstacle: $0.obstacle)
        }
        failures = Self.latest(standing.failures) { failure in
            Failure(
                task: failure.task, cells: failure.cells, reason: failure.reason,
                secondsAgo: seconds(standing.elapsed - failure.at))
        }
        goneWorkers = Self.latest(standing.departures) { departure in
            GoneWorker(
                host: departure.host, pid: departure.pid, reason: departure.reason,
                secondsAgo: seconds(standing.elapsed - departure.at))
        }
    }

    private static func latest<Old, New>(_ list: [Old], _ make: (Old) -> New) -> [New]? {
        list.isEmpty ? nil : list.reversed().map(make)
    }
}

func seconds(_ duration: Duration) -> Double { milli(duration / .seconds(1)) }

/// To three digits after the point.
func milli(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

extension Status {
    /// JSON with its keys in snake case and in order.
    func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }

    /// - Throws: `Unreadable`.
    init(encoded data: Data) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.dateDecodingStrategy = .iso8601
        let format: Int
        do { format = try decoder.decode(Format.self, from: data).version } catch {
            throw Unreadable(description: "it is not a snapshot of kdsweep")
        }
        guard format == Self.version else {
            throw Unreadable(
                description: "another kdsweep wrote it (its format is \(format), "
                    + "this build reads \(Self.version))")
        }
        do { self = try decoder.decode(Status.self, from: data) } catch {
            throw Unreadable(description: "it is damaged: \(error)")
        }
    }

    /// Why a snapshot can't be used.
    struct Unreadable: Error, Hashable, CustomStringConvertible { let description: String }

    /// The part of a snapshot that every version has.
    private struct Format: Decodable { var version: Int }
}
