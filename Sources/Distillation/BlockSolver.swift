import LinearAlgebra
import Sweep

/// Turns blocks of a sweep into rows, on this machine.
public struct BlockSolver: Sendable {
    private let sweep: Sweep
    private let table: Table?
    private let threads: Threads
    private let demand: Demand

    /// - Parameters:
    ///   - table: the rows of the sweep's table; nil for a task that has none.
    ///   - threads: what BLAS and the elementwise passes may use, in this process as a whole.
    public init(sweep: Sweep, table: Table?, threads: Int) {
        self.sweep = sweep
        self.table = table
        self.threads = Threads(threads)
        demand = Demand(sweep.metrics)
        setBLASThreads(threads)
    }

    /// The rows of the block's wanted cells, in the order of their places.
    ///
    /// One kernel, then one factorisation for each ridge; `Sweep.cost(of:)` states work and memory.
    /// - Throws: `SolveError`, the same wherever the block is solved.
    public func solve(_ block: Block) throws(SolveError) -> [Row] {
        let settings = sweep.settings
        let samples = try Samples(settings: settings, table: table, seed: block.seed)
        let plan = Plan(block)
        let targets = try Targets(
            samples: samples,
            teacher: Teacher(
                of: samples, noise: settings.teacherNoise, seed: block.seed, threads: threads),
            noiseLevels: plan.noiseLevels, smoothing: settings.hardLabelSmoothing,
            threads: threads)
        let kernel = try Kernel(
            student: settings.student, width: block.width, depth: block.depth, seed: block.seed,
            samples: samples, threads: threads)
        var rows = RowBuilder(block, demand)
        for (ridge, work) in plan.ridges {
            let solve = NestedSolve(
                kernel: kernel, ridge: block.ridges[ridge], testPoints: demand.testLogits,
                isLast: ridge == plan.ridges.last?.ridge, threads: threads)
            try fill(&rows, work, solve, kernel, targets, block)
        }
        return rows.rows
    }

    /// The rows of one ridge, panel by panel.
    private func fill(
        _ rows: inout RowBuilder, _ work: Plan.Work, _ solve: borrowing NestedSolve,
        _ kernel: borrowing Kernel, _ targets: Targets, _ block: Block
    ) throws(SolveError) {
        // Ascending sample sizes, as the panel grows from one to the next.
        let solvable = work.sizes.filter { block.sampleSizes[$0] <= solve.rank }
            .sorted { block.sampleSizes[$0] < block.sampleSizes[$1] }
        let sizes = solvable.map { block.sampleSizes[$0] }
        let radii =
            demand.bounds && solve.rank == targets.training
            ? Radii(solve, diagonal: kernel.diagonal[targets.training...], sizes: sizes) : nil
        let conditions = demand.condition ? solve.conditions(sizes) : []
        for first in stride(from: 0, to: work.columns.count, by: Panel.width) {
            let columns = Array(work.columns[first..<min(first + Panel.width, work.columns.count)])
            let sides = columns.map(block.rightHandSide)
            let panel = try Panel(
                sides, sizes: sizes, solve: solve, targets: targets, demand: demand)
            for (j, column) in columns.enumerated() {
                let teacher = targets.teacher(noiseLevel: sides[j].teacherNoise)
                let measures = Measures(
                    panel: panel, column: j, teacher: teacher, targets: targets, radii: radii,
                    conditions: conditions)
                for index in work.sizes {
                    let place = block.place(ridge: work.ridge, sampleSize: index, column: column)
                    let size = solvable.firstIndex(of: index)
                    rows.fill(place, measures, size: size)
                }
            }
        }
    }
}
