import ArgumentParser
import Cluster
import Distillation
import Foundation
import Results
import Sweep

/// The options that a run and its plan share: which sweep, where its results are, and a worker's threads.
struct SweepOptions: ParsableArguments {
    @Argument(help: "The sweep file.", completion: .file(extensions: ["yaml", "yml"]))
    var sweep: String

    @Option(help: "The results folder (default: results/NAME).", completion: .directory)
    var output: String?

    @Option(help: "BLAS threads of each worker.")
    var threads = 1

    func validate() throws {
        guard threads >= 1 else { throw ValidationError("--threads is 1 or more") }
    }

    /// - Throws: `Refusal` where the file can't be used.
    func read() throws -> SweepReading {
        try Refusal.unless {
            try SweepReading(file: URL(filePath: sweep)) { sweep, table in
                unusableColumn(of: table, in: sweep)
            }
        }
    }

    func folder(of sweep: Sweep) -> ResultsFolder {
        output.map { ResultsFolder(at: URL(filePath: $0)) } ?? ResultsFolder(named: sweep.name)
    }

    /// How many workers keep this machine busy.
    ///
    /// - Throws: `Refusal` where the machine has too few cores for one worker.
    func fittingWorkers() throws -> Int {
        let cores = Cores.current
        guard threads <= cores.count else {
            throw Refusal("--threads \(threads): \(cores) for a worker")
        }
        return cores.count / threads
    }
}
