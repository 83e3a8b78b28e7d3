import ArgumentParser
import Cluster
import Distillation
import Foundation
import Sweep

struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Solves tasks for a coordinator on this machine; `kdsweep run` starts its own.",
        discussion: """
            Ends with the process that holds its standard input open. SIGTERM hands its tasks back \
            first; SIGINT, which a terminal sends to the coordinator as well, is ignored.
            """)

    @Option(help: "The endpoint that the coordinator listens on, as ipc:///PATH.")
    var connect: String

    @OptionGroup var logging: LogOptions

    func run() throws {
        signal(SIGINT, SIG_IGN)
        let dismissal = try Interruption([SIGTERM])
        let worker = try Worker(
            endpoint: connect, dismissal: dismissal.doorbell, lifeline: STDIN_FILENO,
            log: logging.logger, prepare: Self.prepare)
        switch try worker.run() {
        // Not `exit`: the solver may be inside BLAS still, and its result isn't wanted.
        case .stopped, .dismissed, .orphaned: _exit(0)
        case .refused(let reason), .unprepared(let reason):
            Console.shared.line("kdsweep worker: \(reason)")
            _exit(ExitStatus.failed.rawValue)
        }
    }

    /// Reads what the sweep's blocks share, and gives what solves them.
    private static func prepare(_ sweep: Sweep, table: Data?, threads: Int) throws -> Solve {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        guard threads <= cores else {
            throw Refusal("the run wants \(threads) threads, and there are \(cores) cores here")
        }
        let table = try sweep.table.map { reference in
            guard let table else { preconditionFailure("a table's bytes come with its sweep") }
            return try Table(reference, data: table)
        }
        let solver = BlockSolver(sweep: sweep, table: table, threads: threads)
        return { try solver.solve($0) }
    }
}
