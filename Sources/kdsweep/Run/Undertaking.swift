import Cluster
import Dashboard
import Figures
import Foundation
import Host
import Logging
import Results
import Sweep

/// What is to be run: a sweep, the folder that its results go to, and what of it isn't stored yet.
struct Undertaking {
    /// Every family has the seeds that are certain when the run begins.
    let sweep: Sweep
    let folder: ResultsFolder
    private let store: Store
    /// The files that the sweep names. Nobody opens them once the run has begun, as they may change or vanish.
    private let attachments: Attachments
    private let status: StatusFile
    /// Nil if no dashboard was asked for, or if nothing is left to be computed.
    private let broadcast: Broadcast?
    private let log: Logger
    private let options: RunOptions
    /// Cells that earlier runs have stored.
    private let storedBefore: Int
    /// What the results of earlier runs come from.
    private let typesBefore: ProcessorTypes
    private let blocks: [Block]
    /// The tasks of seeds that results may ask for, by the number of their block.
    private let prospects: [Int: [Block]]
    /// Made last: until then a signal ends the process at once, since there is nothing to store.
    private let interruption: Interruption

    /// Reads the sweep file and holds the results folder from now on.
    ///
    /// - Throws: `Refusal` where either can't be used.
    init(_ options: RunOptions) throws {
        let log = options.logging.logger
        let reading = try options.basis.read()
        var sweep = reading.sweep
        attachments = reading.attachments
        let folder = options.basis.folder(of: sweep)
        var last: Sweep?
        store = try Refusal.unless {
            let store = try Store(in: folder, for: .running)
            last = store.sweep
            try folder.removeStaleFiles()
            try folder.write(sweepFile: sweep.resolvedYAML())
            try store.begin(sweep, at: Date(), build: Build.current)
            return store
        }
        sweep = store.sweep!
        let stored = try store.stored(of: sweep)
        let missing = sweep.tasks.all.compactMap { task in
            task.narrowed { !stored.cells.contains($0) }
        }
        blocks = missing.filter { sweep.grid.hasBlock($0.kernel) }
        prospects = Dictionary(
            grouping: missing.filter { !sweep.grid.hasBlock($0.kernel) }, by: \.kernel)
        storedBefore = sweep.grid.cellCount - blocks.reduce(0) { $0 + $1.wantedCount }
        Self.explain(
            Understanding(sweep, repeatedRows: reading.repeatedRows), last: last,
            stored: storedBefore, in: folder, to: log)
        var types = ProcessorTypes()
        for warning in [types.note(stored.processorTypes), types.note(threads: stored.threads)] {
            if let warning { log.warning("\(warning)") }
        }
        typesBefore = types
        let reporter = RunReporter(sweep: sweep.name, storedBefore: storedBefore)
        status = StatusFile(of: reporter, in: folder, log: log)
        let address = blocks.isEmpty ? nil : options.dashboard
        broadcast = try Refusal.unless { [blocks, sweep] in
            try address.map {
                try Broadcast(
                    of: sweep, reporter, blocks: blocks, in: folder, at: $0,
                    figures: {
                        try Store(in: folder, for: .reading).figures(Sketch.standard(of: sweep))
                    })
            }
        }
        self.log = log
        self.options = options
        self.sweep = sweep
        self.folder = folder
        interruption = try Interruption()
    }

    /// Says what the sweep was understood to be, and what of it, or of another sweep, the folder has.
    private static func explain(
        _ understanding: Understanding, last: Sweep?, stored: Int, in folder: ResultsFolder,
        to log: Logger
    ) {
        let sweep = understanding.sweep
        if let features = understanding.features {
            Console.shared.line("\(sweep.name): features \(features)")
        }
        if let precision = understanding.precision {
            Console.shared.line("\(sweep.name): seeds \(precision)")
        }
        for warning in understanding.warnings { log.warning("\(warning)") }
        if let last, let difference = sweep.difference(from: last) {
            log.warning(
                "\(folder.url.relativePath) has results of \(difference): they stay in the store, and the CSVs will be this sweep's only"
            )
        }
        if stored > 0 {
            let total = sweep.grid.cellCount
            Console.shared.line(
                "\(sweep.name): \(stored) of \(total) cells are stored already, \(total - stored) are new"
            )
        }
    }

    /// How many cells this run is expected to compute in all; nil if it is certain, or if nothing tells yet.
    private var expectedCells: Int? {
        store.seedCourse?.expectedCounts.map { sweep.grid.cellCount(seeds: $0) - storedBefore }
    }

    /// Whether everything is stored already.
    var isDone: Bool { blocks.isEmpty }

    /// Computes the tasks' wanted cells and returns once they are stored.
    ///
    /// - Parameters:
    ///   - endpoint, identity, launcher, launch, reunion: as of `Coordinator`.
    ///   - announce: told where the coordinator listens, before it does anything else.
    func compute(
        endpoint: String, identity: Identity? = nil,
        launcher: consuming LocalLauncher? = nil, launch: Launch? = nil,
        reunion: Duration = .zero,
        announce: (String) throws -> Void = { _ in }
    ) throws {
        let display = ProgressDisplay(name: sweep.name)
        var types = typesBefore
        let coordinator = try Coordinator(
            sweep: sweep, attachments: attachments, blocks: blocks,
            prospects: Prospects(
                blocks: prospects.values.flatMap { $0 },
                wanted: { store.extendSeeds().flatMap { prospects[$0] ?? [] }.map(\.number) },
                expected: { expectedCells }),
            threads: options.basis.threads,
            endpoint: endpoint,
            identity: identity, launcher: launcher, launch: launch, reunion: reunion,
            crashLimit: options.crashLimit.count,
            interrupt: interruption.doorbell, log: log,
            store: { batch in
                do { try store.insert(batch.map(Computed.init)) } catch let error as ResultsError {
                    guard case .displaced = error else { throw error }
                    throw StoreLoss(reason: "\(error)")
                }
                let new = batch.compactMap(\.processorType)
                let threads = batch.compactMap(\.author?.threads)
                for warning in [types.note(new), types.note(threads: threads)] {
                    if let warning { log.warning("\(warning)") }
                }
            },
            progress: {
                display.update($0)
                status.update($0)
                broadcast?.update($0)
            })
        try announce(coordinator.endpoint)
        let outcome: Coordinator.Outcome
        do { outcome = try coordinator.run() } catch {
            end(as: .failed, because: "\(error)")
            throw error
        }
        display.finish()
        switch outcome {
        case .complete: return
        case .interrupted:
            end(as: .interrupted)
            Console.shared.line(
                "kdsweep: interrupted; everything received is stored. The same command resumes, and "
                    + "`kdsweep export \(folder.url.relativePath)` writes the CSVs of what is there"
            )
            throw ExitStatus.interrupted
        case .gaveUp(let reason):
            end(as: .failed, because: reason)
            Console.shared.line("kdsweep: the run can't go on: \(reason)")
            throw ExitStatus.failed
        }
    }

    private func end(as state: RunState.State, because reason: String? = nil) {
        status.end(as: state, because: reason)
        broadcast?.end(as: state, because: reason)
    }

    /// Writes the CSVs and says how it went.
    ///
    /// - Throws: `ExitStatus.failed` if cells failed, `.interrupted` if a signal came meanwhile.
    func report() throws {
        let tally: StatusCounts
        do {
            tally = try store.export(to: folder, processors: Cores.current.count) {
                interruption.hasCome
            }
        } catch ResultsError.cancelled {
            end(as: .interrupted)
            Console.shared.line(
                "kdsweep: interrupted while the CSVs were written; everything is stored, and the same "
                    + "command writes them, or `kdsweep export \(folder.url.relativePath)`")
            throw ExitStatus.interrupted
        } catch {
            end(as: .failed, because: "\(error)")
            throw error
        }
        end(as: .finished)
        let seeds = SeedReport(of: store.sweep!, store.seedCourse)
        let outcome = Outcome(
            of: store.sweep!, tally, storedBefore: storedBefore, seeds: seeds, in: folder)
        Console.shared.line(outcome.line)
        for line in (seeds?.lines ?? []) + outcome.advice { Console.shared.line(line) }
        if options.json {
            try Output.print(
                String(decoding: try JSONEncoder.ofCommands.encode(outcome), as: UTF8.self))
        } else {
            for table in folder.tables(of: sweep) { try Output.print(table.relativePath) }
        }
        if tally.failed > 0 { throw ExitStatus.failed }
    }
}

extension Computed {
    /// A task that failed because it crashed its workers has no author; this process is named instead.
    init(_ finished: Finished) {
        self.init(
            task: finished.task, rows: finished.rows,
            host: finished.author?.host ?? hostName,
            pid: Int(finished.author?.pid ?? ProcessInfo.processInfo.processIdentifier),
            processorType: finished.author?.processorType ?? "",
            blas: finished.author?.blas ?? "", threads: finished.author?.threads ?? 0,
            finishedAt: Date(), seconds: finished.seconds ?? 0)
    }
}

extension Finished {
    /// The processor that computed it; nil if the task failed, or if no author is known.
    fileprivate var processorType: ProcessorType? {
        guard seconds != nil, let author else { return nil }
        return ProcessorType(name: author.processorType, blas: author.blas)
    }
}
