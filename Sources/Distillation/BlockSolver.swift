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
        var rows = RowBuilder(block, sweep.metrics)
        for work in plan.shares {
            let solve = NestedSolve(
                kernel: kernel, stage: block.stage(ofSolver: work.solver),
                testPoints: quantities.contains(.decisions),
                isLast: work.solver == plan.shares.last?.solver, threads: threads)
            fill(&rows, work, solve, kernel, targets, block)
        }
        return rows.rows
    }

    /// The rows of one stage, some right-hand sides at a time.
    private func fill(
        _ rows: inout RowBuilder, _ work: Plan.Share, _ solve: borrowing NestedSolve,
        _ kernel: borrowing Kernel, _ targets: Targets, _ block: Block
    ) {
        // Ascending sample sizes, since each student is computed from the one before.
        let solvable = work.sizes.filter { block.sampleSizes[$0] <= solve.rank }
            .sorted { block.sampleSizes[$0] < block.sampleSizes[$1] }
        let sizes = solvable.map { block.sampleSizes[$0] }
        let radii =
            quantities.contains(.radii) && solve.rank == targets.training
            ? Radii(solve, diagonal: kernel.diagonal[targets.training...], sizes: sizes) : nil
        let conditions = quantities.contains(.conditions) ? solve.conditions(sizes) : []
        for columns in work.columns.chunks(of: NestedStudents.width) {
            let sides = columns.map(block.rightHandSide)
            let z = targets.effectiveLogits(sides)
            let students = NestedStudents(
                z.view, sizes: sizes, solve: solve, quantities: quantities)
            let corrections =
                quantities.contains(.corrections)
                ? Corrections(z.view, sides, sizes: sizes, targets: targets) : nil
            for (j, column) in columns.enumerated() {
                let reader = MetricReader(
                    solution: students.solution, column: j,
                    teacher: targets.teacher(noiseLevel: sides[j].teacherNoise),
                    testLabels: targets.testLabels, corrections: corrections, radii: radii,
                    conditions: conditions)
                for size in work.sizes {
                    let place = block.places.number(
                        solver: work.solver, size: size, column: column)
                    if students.overflows[j] {
                        rows.fail(place, reason: Self.overflow)
                    } else {
                        rows.fill(place, reader, stop: solvable.firstIndex(of: size))
                    }
                }
            }
        }
    }

    private static let overflow =
        "the solve overflows: the logits are too large for this kernel"
}

extension Array {
    /// The elements in order, in arrays of `size`; the last may be shorter.
    fileprivate func chunks(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
