import ArgumentParser
import Cluster
import Foundation
import Host
import Results
import Sweep

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Says what a run would do, how long it would take, and what takes the time.",
        discussion: """
            Reads the sweep file and the results folder, and changes nothing there. The time follows from \
            a measurement of this machine, which takes some seconds the first time and is kept in \
            $KDSWEEP_HOME/speed.json (default: ~/.kdsweep/speed.json). If --workers needs more cores than \
            this machine has, the time is that of several machines that are each like this one.

            Examples:
              kdsweep plan sweeps/quickstart.yaml
              kdsweep plan large.yaml --workers 20 --threads 2
              kdsweep plan large.yaml --output results/large --json
            """)

    @OptionGroup var options: SweepOptions

    @Option(help: "Workers (default: cores / threads).")
    var workers: Int?

    @Flag(help: "Measure this machine, even if it has been measured before.")
    var measure = false

    @Flag(help: "Print the plan as JSON (seconds, bytes).")
    var json = false

    @OptionGroup var logging: LogOptions

    func validate() throws {
        if let workers, workers < 1 { throw ValidationError("--workers is 1 or more") }
    }

    func run() throws {
        let machine = Machine.current
        let fitting = try options.fittingWorkers()
        let reading = try options.read()
        var sweep = reading.sweep
        let stored = try Refusal.unless { try self.stored(of: sweep) }
        let course = stored?.seedCourse ?? SeedCourse(of: sweep)
        if let course { sweep.grid.seedCounts = course.counts }
        let workers = workers ?? fitting
        let entry = try entry(processes: min(workers, fitting))
        let isLocal = workers <= fitting
        func forecast(_ sweep: Sweep) -> Forecast {
            Forecast(
                sweep, isStored: stored.map { stored in { stored.cells.contains($0) } },
                speed: entry.speed)
        }
        let certain = forecast(sweep)
        let seeds = course.map { course in
            SeedForecast(sweep, course) { forecast($0).seconds(workers: workers, local: isLocal) }
        }
        if json {
            let summary = certain.summary(
                workers: workers, threads: options.threads, local: isLocal, seeds: seeds)
            return try Output.print(
                String(decoding: try JSONEncoder.ofCommands.encode(summary), as: UTF8.self))
        }
        let report = PlanReport(
            certain, Understanding(sweep, repeatedRows: reading.repeatedRows), seeds: seeds,
            workers: workers, threads: options.threads, isLocal: isLocal,
            memory: Double(machine.memory), entry: entry)
        try Output.print(report.text, terminator: "")
    }

    /// What the results folder has of the sweep; nil where it has no cell.
    private func stored(of sweep: Sweep) throws -> Stored? {
        do {
            let stored = try Store(in: options.folder(of: sweep), for: .reading).stored(of: sweep)
            return stored.cells.count > 0 ? stored : nil
        } catch ResultsError.missing, ResultsError.empty { return nil }
    }

    /// The kept measurement, or a new one, which is kept if it can be.
    private func entry(processes: Int) throws -> SpeedFile.Entry {
        let key = SpeedFile.Key(processes: processes, threads: options.threads)
        let file = SpeedFile()
        if !measure, let kept = file.entry(for: key) { return kept }
        if Console.shared.isTerminal { Console.shared.show("measuring this machine ...") }
        defer { if Console.shared.isTerminal { Console.shared.show("") } }
        let entry = SpeedFile.Entry(
            key: key, measuredAt: Date(),
            speed: try .measured(processes: processes, threads: options.threads))
        do { try file.keep(entry) } catch {
            logging.logger.warning(
                "the measurement can't be kept in \(file.url.path): \(reason(of: error))")
        }
        return entry
    }
}
