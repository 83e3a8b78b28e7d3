import ArgumentParser
import Cluster
import Foundation
import Logging
import Results
import Sweep

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs a sweep on this machine; run again, it resumes.",
        discussion: """
            Starts a coordinator and local workers and writes cells.csv, summary.csv, sweep.yaml and \
            the store sweep.sqlite into the results folder. What the store has already isn't computed \
            again, also where the sweep's axes have grown; cells that failed are tried again. Ctrl-C \
            stops within two seconds with everything received stored.
            """)

    @Argument(help: "The sweep file.", completion: .file(extensions: ["yaml", "yml"]))
    var sweep: String

    @Option(help: "The results folder (default: results/NAME).", completion: .directory)
    var output: String?

    @Option(help: "Worker processes (default: cores / threads).")
    var workers: Int?

    @Option(help: "BLAS threads of each worker.")
    var threads = 1

    @OptionGroup var logging: LogOptions

    func validate() throws {
        guard threads >= 1 else { throw ValidationError("--threads is 1 or more") }
        if let workers, workers < 1 { throw ValidationError("--workers is 1 or more") }
    }

    func run() throws {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        guard threads <= cores else {
            throw Refusal("--threads \(threads): this machine has \(cores) cores for a worker")
        }
        let sweep = try Refusal.unless { try Sweep(file: URL(filePath: self.sweep)) }
        let folder =
            output.map { ResultsFolder(at: URL(filePath: $0)) } ?? ResultsFolder(named: sweep.name)
        let store = try Refusal.unless {
            let store = try Store(in: folder, for: .running)
            try folder.removeStaleFiles()
            try folder.write(sweepFile: sweep.resolvedYAML())
            try store.begin(sweep, at: Date())
            return store
        }
        let stored = try store.stored(of: sweep)
        let tasks = sweep.tasks
        let blocks = (0..<tasks.count).compactMap { number in
            tasks[number].narrowed { !stored.contains($0) }
        }
        if !blocks.isEmpty {
            try compute(
                sweep, blocks, into: store, workers: workers ?? max(1, cores / threads),
                storedBefore: stored.count)
        }
        try report(try store.export(to: folder), of: sweep, in: folder, stored: stored.count)
    }

    /// Computes the tasks' wanted cells and returns once they are stored.
    private func compute(
        _ sweep: Sweep, _ blocks: [Block], into store: Store, workers: Int, storedBefore: Int
    ) throws {
        let sockets = try PrivateFolder()
        let launcher = LocalLauncher(
            executable: try Self.executable(),
            arguments: [
                WorkerCommand.configuration.commandName!, "--connect", sockets.endpoint,
                "--log-level", logging.logLevel.rawValue,
            ],
            count: workers)
        let interruption = try Interruption()
        let display = ProgressDisplay(name: sweep.name, storedBefore: storedBefore)
        let coordinator = try Coordinator(
            sweep: sweep, blocks: blocks, threads: threads, endpoint: sockets.endpoint,
            launcher: launcher, interrupt: interruption.doorbell, log: logging.logger,
            store: { try store.insert($0.map(Computed.init)) },
            progress: { display.update($0) })
        let outcome = try coordinator.run()
        display.finish()
        switch outcome {
        case .complete: return
        case .interrupted:
            Console.shared.line(
                "kdsweep: interrupted; everything received is stored, and the same command resumes")
            throw ExitStatus.interrupted
        case .gaveUp(let reason):
            Console.shared.line("kdsweep: the run can't go on: \(reason)")
            throw ExitStatus.failed
        }
    }

    private func report(
        _ tally: Tally, of sweep: Sweep, in folder: ResultsFolder, stored: Int
    ) throws {
        var counts = ["\(tally.ok) ok"]
        if tally.singular > 0 { counts.append("\(tally.singular) singular") }
        if tally.failed > 0 { counts.append("\(tally.failed) failed (the error column says why)") }
        let reused = stored > 0 ? "; \(stored) were stored already" : ""
        Console.shared.line(
            "\(sweep.name): \(sweep.grid.count) cells, \(counts.joined(separator: ", "))\(reused)")
        print(folder.cells.relativePath)
        print(folder.summary.relativePath)
        if tally.failed > 0 { throw ExitStatus.failed }
    }

    /// The file that this process runs: workers are the same build.
    private static func executable() throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }
}

extension Computed {
    /// A task that no worker ended, as it crashed them, is signed by this process.
    init(_ finished: Finished) {
        self.init(
            block: finished.task, rows: finished.rows,
            host: finished.author?.host ?? ProcessInfo.processInfo.hostName,
            pid: Int(finished.author?.pid ?? ProcessInfo.processInfo.processIdentifier),
            finishedAt: Date(), seconds: finished.seconds ?? 0)
    }
}
