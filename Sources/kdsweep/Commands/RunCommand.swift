import ArgumentParser
import Cluster
import Foundation
import Host
import LinearAlgebra

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs a sweep on this machine; run again, it resumes.",
        discussion: """
            Starts a coordinator and local workers and writes cells.csv, summary.csv, sweep.yaml and \
            the store sweep.sqlite into the results folder. Cells that the store has already are not \
            computed again, even if the sweep's axes have grown; cells that failed are tried again. Ctrl-C \
            stops within two seconds, with everything received stored.

            Examples:
              kdsweep run sweeps/quickstart.yaml
              kdsweep run sweeps/digits.yaml --output results/again --workers 1
              kdsweep run large.yaml --dashboard 8080
              kdsweep run large.yaml --threads 4 --crash-limit never --log-level info
            """)

    @Option(help: "Worker processes (default: cores / threads).")
    var workers: Int?

    @OptionGroup var options: RunOptions

    func validate() throws {
        if let workers, workers < 1 { throw ValidationError("--workers is 1 or more") }
    }

    func run() throws {
        let fitting = try options.basis.fittingWorkers()
        let undertaking = try Undertaking(options)
        if !undertaking.isDone {
            BLASPatience.boundInChildren()
            let sockets = try PrivateFolder()
            let launcher = LocalLauncher(
                executable: try executablePath(), image: runningImage,
                arguments: [
                    WorkerCommand.configuration.commandName!, "--connect", sockets.endpoint,
                    "--log-level", options.logging.logLevel.rawValue,
                ],
                count: workers ?? fitting)
            try undertaking.compute(
                endpoint: sockets.endpoint, launcher: launcher)
        }
        try undertaking.report()
    }
}
