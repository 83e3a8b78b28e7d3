import Foundation
import Sweep

/// The parts of a block's work, as a plan shows their time.
public enum Part: String, CaseIterable, Sendable {
    case samples = "samples, teacher and targets"
    case network = "passes through the networks"
    case kernel = "tangent kernels"
    case factor = "factorisations"
    case testPoints = "test points (V)"
    case rightHandSides = "right-hand sides (Y, f)"
    case residuals = "weights and fits (alpha, K alpha)"
    case conditions = "condition numbers and radii"
    case training = "training"
    case metrics = "metrics"
}

/// The operations that work is counted in. How long some take depends on the order of their matrix: BLAS is
/// slower on small matrices, and memory on large ones.
public enum Operation: String, Codable, CodingKeyRepresentable, CaseIterable, Sendable {
    /// A floating-point operation: of a product of two matrices, of a factorisation (with what it
    /// writes beforehand), of a triangular solve, of a symmetric product.
    case product, factor, solve, symmetric
    /// An element of the large matrix (the n x n factor, K, V) that is read once for a panel of right-hand
    /// sides, however few these are; and an element that a product writes.
    case solvePass, symmetricPass, productPass, productOutput
    /// An element of the factor when a condition number is estimated; an element that is only read.
    case condition, stream
    /// A floating-point operation of a linearised step, and an element of K that it reads for a panel of students;
    /// an element of these students, less a sigmoid more.
    case step, stepPass, descent
    /// A floating-point operation of a network's step, and what each of its layers takes whatever the samples.
    case networkFlop, networkLayer
    /// A pair of samples of the infinite kernel; a pair in a layer of it; a pair in a layer of a finite one.
    case infinitePair, reluLayer, erfLayer, finiteLayer
    /// A unit's activation, or its derivative, for a sample.
    case reluUnit, erfUnit
    /// A random normal; a term of a loop that isn't vectorised; a wave of the smooth noise at a sample.
    case normal, scalar, wave
    /// An effective logit for temperature 1, and for any other.
    case closedLogit, rootLogit
    /// A test point of a cell; a cell; a task.
    case testPoint, cell, task

    /// Whether it is a floating-point operation in a matrix product, a factorisation or a solve.
    var isFlop: Bool {
        switch self {
        case .product, .factor, .solve, .symmetric, .step, .networkFlop: true
        case .stepPass, .descent, .networkLayer, .solvePass, .symmetricPass, .productPass,
            .productOutput, .condition, .stream,
            .infinitePair, .reluLayer, .erfLayer, .finiteLayer, .reluUnit, .erfUnit, .normal,
            .scalar, .wave, .closedLogit, .rootLogit, .testPoint, .cell, .task:
            false
        }
    }
}

/// What there is to do for the wanted cells of a block, as `BlockSolver` does it: the passes that
/// `BlockShape` counts, by what a machine does them with, and what else takes time.
///
/// `Sweep.cost(of:)` adds the same passes up for whole blocks, whatever is wanted, as the list of tasks follows
/// from it.
public struct OperationCounts: Sendable {
    struct Item: Sendable {
        var part: Part
        var operation: Operation
        /// The order of its matrix; 0 if that doesn't matter.
        var order: Int
        var count: Double
    }

    private(set) var items: [Item] = []
    /// N
    let samples: Int

    /// Floating-point operations in matrix products, factorisations and triangular solves.
    public var flops: Double {
        items.reduce(0) { $0 + ($1.operation.isFlop ? $1.count : 0) }
    }

    /// Counts the block's operations. O(wanted cells).
    public init(of block: Block, in sweep: Sweep) {
        let plan = Plan(block)
        let shape = BlockShape(width: block.width, depth: block.depth, of: sweep)
        samples = sweep.settings.oracleSamples
        countSamples(shape, sweep.settings, levels: plan.noiseLevels.count)
        if let width = shape.m {
            countFinite(shape, sweep.settings.student, width: width)
        } else {
            countInfinite(shape, sweep.settings.student)
        }
        let quantities = Quantities(for: sweep.metrics)
        for share in plan.shares {
            let sizes = share.sizes.map { block.sampleSizes[$0] }.filter { $0 <= shape.rank }
            let solve = Solve(
                ridge: share.ridge, sizes: sizes, sides: share.columns.map(block.rightHandSide),
                quantities: share.limitQuantities(quantities))
            countFactor(shape, solve, copies: plan.shares.count > 1 || !share.trained.isEmpty)
            countColumns(shape, solve)
            countMetrics(shape, solve)
            countTraining(
                shape, share, block, sweep.settings.student.activation, quantities)
        }
        add(.metrics, .cell, Double(block.wantedCount))
        add(.metrics, .task, 1)
    }

    /// One ridge's share.
    private struct Solve {
        let ridge: Double
        let sizes: [Int]
        let sides: [RightHandSide]
        let quantities: Quantities

        var interpolates: Bool { ridge == 0 }
        var columns: Double { Double(sides.count) }
        var panels: Double { (columns / Double(NestedStudents.width)).rounded(.up) }
    }

    mutating func add(
        _ part: Part, _ operation: Operation, order: Int = 0, _ count: Double
    ) {
        if count > 0 {
            items.append(Item(part: part, operation: operation, order: order, count: count))
        }
    }

    // MARK: Samples

    private mutating func countSamples(_ shape: BlockShape, _ settings: Settings, levels: Int) {
        let (samples, d) = (shape.samples, shape.d)
        switch settings.learningTask {
        case .gaussianMixture(let mixture):
            add(.samples, .normal, samples * d)
            add(.samples, .scalar, samples * Double(mixture.components) * (d + Self.exponential))
        case .table(let table):
            // All rows of the table are sorted, and four passes are made over their features.
            let rows = max(samples, Double(table.rows ?? 0))
            add(.samples, .scalar, rows * (4 * d + 5 * log2(rows)))
        }
        switch settings.teacherNoise {
        case .smooth:
            add(.samples, .wave, samples * NoiseModel.waves)
            add(.samples, .product, samples * settings.teacherNoise.cost(dimension: d).flops)
        case .gaussian, .flip: add(.samples, .normal, samples)
        }
        add(.samples, .scalar, 4 * samples * Double(levels))
    }

    /// How many terms of a scalar loop take as long as one exponential.
    static let exponential = 16.0

    // MARK: Kernels

    private mutating func countInfinite(_ shape: BlockShape, _ student: Student) {
        add(.kernel, .infinitePair, shape.pairs)
        add(.kernel, .product, shape.inputProducts)
        switch student.activation {
        case .relu: add(.kernel, .reluLayer, shape.pairs * shape.L)
        case .erf: add(.kernel, .erfLayer, shape.pairs * shape.L)
        }
    }

    private mutating func countFinite(_ shape: BlockShape, _ student: Student, width m: Double) {
        // Forward through every weight, and backward through all but the first layer's; each is drawn both
        // times.
        let weights = shape.firstWeights + 2 * shape.laterWeights
        add(.network, .normal, weights)
        add(.network, .product, 2 * shape.samples * weights)
        let units = shape.samples * m * (3 * shape.L - 1)
        switch student.activation {
        case .relu: add(.network, .reluUnit, units)
        case .erf: add(.network, .erfUnit, units)
        }
        add(.kernel, .product, shape.gramProducts + shape.inputProducts)
        add(.kernel, .finiteLayer, shape.pairs * shape.L)
    }

    // MARK: The solve

    private mutating func countFactor(_ shape: BlockShape, _ solve: Solve, copies: Bool) {
        let (N, M) = (shape.N, shape.M)
        let r = Double(shape.rank)
        add(.factor, .factor, order: Int(N), shape.factor(rank: r))
        if solve.quantities.contains(.decisions) {
            add(.testPoints, .solve, order: shape.rank, shape.testPoints(rank: r))
            if copies { add(.testPoints, .stream, 2 * r * M) }
        }
        if solve.quantities.contains(.radii), solve.interpolates, shape.rank == Int(N) {
            add(.conditions, .stream, r * M)
        }
        if solve.quantities.contains(.conditions) {
            let largest = Double(solve.sizes.max() ?? 0)
            add(.conditions, .stream, largest * largest)
            for n in solve.sizes { add(.conditions, .condition, order: n, Double(n * n)) }
        }
    }

    private mutating func countColumns(_ shape: BlockShape, _ solve: Solve) {
        let c = solve.columns
        let isClosed: (RightHandSide) -> Bool = { $0.temperature == 1 || $0.softRatio == 0 }
        let closed = Double(solve.sides.count { isClosed($0) || $0.softRatio == 1 })
        add(.samples, .closedLogit, shape.N * closed)
        add(.samples, .rootLogit, shape.N * (c - closed))
        let r = Double(shape.rank)
        add(
            .rightHandSides, .solve, order: shape.rank, shape.rightHandSides(rank: r, c))
        add(.rightHandSides, .solvePass, order: shape.rank, r * r * solve.panels)
        if solve.quantities.contains(.decisions) {
            let hasOracle = solve.quantities.contains(.oracle) && shape.rank == Int(shape.N)
            let n = Double(hasOracle ? shape.rank : solve.sizes.max() ?? 0)
            add(.rightHandSides, .product, shape.predictions(from: n, c))
            add(.rightHandSides, .productPass, n * shape.M * solve.panels)
            add(.rightHandSides, .productOutput, shape.M * c * Double(solve.sizes.count + 1))
        }
        for n in fitted(shape, solve) {
            let square = Double(n * n)
            add(.residuals, .solve, order: n, shape.weights(of: Double(n), c))
            add(.residuals, .solvePass, order: n, square * solve.panels)
            add(.residuals, .symmetric, order: n, shape.fit(of: Double(n), c))
            add(.residuals, .symmetricPass, order: n, square * solve.panels)
            add(.residuals, .scalar, 2 * Double(n) * c)
        }
    }

    /// The sample sizes for which alpha and K alpha are worked out.
    private func fitted(_ shape: BlockShape, _ solve: Solve) -> [Int] {
        let quantities = solve.quantities
        guard !solve.interpolates else {
            return quantities.contains(.residuals) ? solve.sizes : []
        }
        guard !quantities.isDisjoint(with: [.residuals, .norms]) else { return [] }
        var sizes = Set(solve.sizes)
        if quantities.contains(.oracle) && shape.rank == Int(shape.N) { sizes.insert(shape.rank) }
        if quantities.contains(.norms) {
            for n in solve.sizes {
                let window = NormWindow(around: n)
                sizes.formUnion([window.lower, window.next, window.upper])
            }
        }
        return sizes.filter { 1 <= $0 && $0 <= shape.rank }.sorted()
    }

    private mutating func countMetrics(_ shape: BlockShape, _ solve: Solve) {
        guard solve.quantities.contains(.decisions) else { return }
        add(.metrics, .testPoint, Double(solve.sizes.count) * solve.columns * shape.M)
    }
}
