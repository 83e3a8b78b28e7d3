import Foundation
import LinearAlgebra
import Sweep

/// Turns blocks of a sweep into rows, on this machine.
public struct BlockSolver: Sendable {
    private let sweep: Sweep
    /// The rows of the sweep's table; nil until they have come, and for a task that has none.
    private var table: Table?
    private let threads: Threads
    private let quantities: Quantities

    /// - Parameters:
    ///   - table: the rows of the sweep's table, if they are at hand; `attach` reads them from its file.
    ///   - threads: what BLAS and the elementwise passes may use, in this process as a whole.
    public init(sweep: Sweep, table: Table? = nil, threads: Int) {
        self.sweep = sweep
        self.table = table
        self.threads = Threads(threads)
        quantities = Quantities(for: sweep.metrics)
        setBLASThreads(threads)
    }

    /// Reads a file that blocks need, once before the first of them.
    ///
    /// - Parameter digest: one of the sweep's `attachmentDigests`.
    /// - Throws: `SweepFileError` where its bytes aren't what the sweep was checked against.
    public mutating func attach(_ bytes: Data, digest: String) throws(SweepFileError) {
        guard let reference = sweep.table, reference.digest == digest else {
            preconditionFailure("the sweep names no such file")
        }
        table = try Table(reference, data: bytes)
    }

    /// The rows of the block's wanted cells, in the order of their places.
    ///
    /// Cost: one kernel, then one factorisation for each ridge; `Sweep.cost(of:)` states work and memory.
    ///
    /// - Throws: `SolveError`, the same on every machine.
    public func solve(_ block: Block) throws(SolveError) -> [Row] {
        let settings = sweep.settings
        let samples = try Samples(settings: settings, table: table, seed: block.seed)
        let plan = Plan(block)
        let targets = try Targets(
            samples: samples,
            teacher: Teacher(
                of: samples, noise: settings.teacherNoise, seed: block.seed, threads: threads),
            noiseLevels: plan.noiseLevels, smoothing: settings.hardLabelSmoothing,
            scaling: settings.temperatureScaling,
            threads: threads)
        let kernel = try Kernel(
            student: settings.student, width: block.width, depth: block.depth, seed: block.seed,
            samples: samples, threads: threads)
        let network = NetworkStart(of: block, settings, samples, threads: threads)
        var rows = RowBuilder(block, sweep.metrics)
        for share in plan.shares {
            let stage = ShareSolver(
                share, block: block, sweep: sweep, kernel: kernel, network: network,
                targets: targets, quantities: quantities,
                isLast: share.ridge == plan.shares.last?.ridge, threads: threads)
            stage.fill(&rows)
        }
        return rows.rows
    }
}
