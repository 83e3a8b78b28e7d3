import ArgumentParser
import Cluster
import Distillation
import Foundation
import LinearAlgebra
import Sweep

struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Solves tasks for a coordinator; `kdsweep run` starts its own.",
        discussion: """
            Takes the newest access file of $KDSWEEP_HOME/access (default: ~/.kdsweep/access), and \
            tries each of its hosts. If the coordinator isn't there yet, the worker waits for it. If it is \
            gone, the worker waits for the next one, delivers what it has finished, and reads the access \
            file again, since the next one may be on another host. On SIGTERM, on Ctrl-C and before its \
            Slurm job ends it hands its tasks back and ends. DURATION is seconds, or as in 90s, 30m, 1h30m.

            With --connect it is a worker of `kdsweep run`: it ends with the process that holds its \
            standard input open. It ignores SIGINT and SIGHUP, since a terminal sends them to that process \
            too.

            Examples:
              kdsweep worker
              kdsweep worker --access digits-1a2b3c4d.json --idle-timeout 10m
              kdsweep worker --address 127.0.0.1:5555 --time-limit 1h30m
            """)

    @Option(
        help: "The coordinator's access file (default: the newest), or - for standard input.",
        completion: .file(extensions: ["json"]))
    var access: String?

    @Option(
        help: ArgumentHelp(
            "Where to reach the coordinator, instead of the hosts in its access file; for instance this "
                + "machine's end of a tunnel.", valueName: "host:port"))
    var address: Address?

    @Option(help: "The endpoint of a coordinator on this machine, as ipc:///PATH.")
    var connect: String?

    @Option(
        help: ArgumentHelp("Hand the tasks back and end after this time.", valueName: "duration"))
    var timeLimit: TimeSpan?

    @Option(
        help: ArgumentHelp(
            "End after this time without a task, whether or not the coordinator is there.",
            valueName: "duration"))
    var idleTimeout: TimeSpan?

    @OptionGroup var logging: LogOptions

    func validate() throws {
        guard access == nil || connect == nil else {
            throw ValidationError("--access and --connect name two coordinators; a worker has one")
        }
        guard address == nil || connect == nil else {
            throw ValidationError("--address and --connect name two ways to a coordinator")
        }
    }

    func run() throws {
        BLASPatience.bound()
        let interruption: Interruption
        let worker: Worker
        var limits = Worker.Limits(time: timeLimit?.duration, idle: idleTimeout?.duration)
        if let connect {
            for own in [SIGINT, SIGHUP] { signal(own, SIG_IGN) }
            interruption = try Interruption([SIGTERM])
            worker = try Worker(
                endpoint: connect, dismissal: interruption.doorbell, lifeline: STDIN_FILENO,
                log: logging.logger, limits: limits, blas: blasName(), prepare: Self.prepare)
        } else {
            // A run's own worker ends at once instead: the run would start new ones again and again.
            let jobEnd = JobEnd.date
            let start = ContinuousClock.now
            limits.time = timeLimit(jobEnd: jobEnd)
            let search = CoordinatorSearch(
                access: access, address: address, limits: limits, log: logging.logger)
            let (found, find) = try findCoordinator(search)
            if let limit = limits.time { limits.time = limit - (ContinuousClock.now - start) }
            // Signals are caught only from here on. Before, while the worker still searches for its
            // coordinator, they end it at once.
            interruption = try Interruption()
            worker = try Worker(
                endpoint: found.endpoint, access: found.access, find: find,
                dismissal: interruption.doorbell, lifeline: nil, log: logging.logger,
                limits: limits, blas: blasName(), prepare: Self.prepare)
        }
        defer { withExtendedLifetime(interruption) {} }
        let ending = try worker.run()
        // Not `exit`: it would run destructors while the solver's thread may still be inside BLAS.
        switch ending {
        case .stopped, .dismissed, .orphaned: _exit(0)
        case .expired: end(0, Self.expiry)
        case .idle: end(0, Self.idleness)
        case .refused(let reason), .unprepared(let reason): end(ExitStatus.failed.rawValue, reason)
        case .miscalculated(let reason): end(Worker.miscalculationStatus, reason)
        }
    }

    /// The user's limit, or that of the batch job where it is shorter, which is then logged.
    private func timeLimit(jobEnd: Date?) -> Duration? {
        guard let end = jobEnd.map({ JobEnd($0) }) else { return timeLimit?.duration }
        if let timeLimit, timeLimit.duration <= end.timeLimit { return timeLimit.duration }
        logging.logger.notice("\(end)")
        return end.timeLimit
    }

    private static let expiry = "its time limit has come"
    private static let idleness = "it had nothing to do for as long as --idle-timeout allows"

    /// Where the coordinator is, and a function that finds it again should it move.
    private func findCoordinator(_ search: CoordinatorSearch) throws -> (
        Whereabouts, (@Sendable () -> Whereabouts?)?
    ) {
        switch try Refusal.unless({ try search.run() }) {
        case .found(let found, nil): return (found, nil)
        case .found(let found, let file?): return (found, { search.look(in: file) })
        case .expired: end(0, Self.expiry)
        case .idle: end(0, Self.idleness)
        }
    }

    private func end(_ status: Int32, _ reason: String) -> Never {
        Console.shared.line("kdsweep worker: \(reason)")
        _exit(status)
    }

    private static func prepare(_ sweep: Sweep, threads: Int) throws -> any Solving {
        let cores = Cores.current
        guard threads <= cores.count else {
            throw Refusal("the run wants \(threads) threads for each worker, but \(cores)")
        }
        return VerifiedSolver(sweep: sweep, threads: threads)
    }
}
