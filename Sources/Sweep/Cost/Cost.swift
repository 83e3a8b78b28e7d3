/// What a block costs on any machine. The scheduler orders tasks by `work`, and gives a worker only tasks
/// whose `memory` it has.
public struct Cost: Hashable, Sendable {
    /// Floating-point operations in matrix products, factorisations and triangular solves; the
    /// elementwise passes are counted by `elements`.
    public var flops: Double
    /// How often a transcendental function (arccos, erf, exp, log, cos) is evaluated.
    public var elements: Double
    /// Peak memory in bytes, the program itself included.
    public var memory: Double

    /// Expected time, in floating-point operations of a matrix product: a transcendental function
    /// takes about as long as this many.
    public var work: Double { flops + 50 * elements }

    /// Bytes beside the matrices: code, libraries and BLAS' own buffers.
    static let baseMemory = 100e6
}

extension Sweep {
    /// The cost of a block's wanted cells, from its shape alone.
    ///
    /// With N oracle samples, M test samples, dimension d, width m (0 where infinite), depth L and c
    /// right-hand sides the peak is
    /// `N^2 + r N M + (L + 2)(N + M) m + 1024 N + (N + M)(4 c + 2 d)` doubles plus 100 MB, with r = 1
    /// for one solve and 2 for more, and 1024 N (tiles of the Gram products) for a finite width only;
    /// `trainingDoubles` for finite steps; and `tableMemory`, as a worker holds its table while it works.
    /// O(sample sizes). Linear in c: a slice costs what its own right-hand sides do, plus once more what all
    /// slices share.
    public func cost(of block: Block) -> Cost {
        cost(width: block.width, model: block.model, depth: block.depth, part: block.part)
    }

    func cost(width: Width, model: Model, depth: Int, part: Block.Part) -> Cost {
        let shape = BlockShape(width: width, depth: depth, of: self)
        let c = Double(part.columns.count)
        let noise = settings.teacherNoise.cost(dimension: shape.d)
        var cost = Cost(
            flops: shape.inputProducts + shape.samples * noise.flops,
            elements: shape.samples * (shape.d + 16 + c + noise.elements),
            memory: tableMemory + Cost.baseMemory)
        if let m = shape.m {
            let weights = shape.firstWeights + shape.laterWeights
            // Forward and backward through every weight, then two Gram products a layer.
            cost.flops += 4 * shape.samples * weights + shape.gramProducts
            cost.elements += 2 * weights + shape.samples * m * 2 * shape.L
        } else {
            cost.elements += 2 * shape.pairs * shape.L
        }
        let training = TrainingShape(grid, part)
        // Training needs one solve too: the limit that its students are compared with.
        let solves = model == .network || !grid.steps.contains(.infinite) ? 1 : grid.ridge.count
        cost.flops += Double(solves) * solve(shape, c, sizes: part.sizes)
        // A training needs k(X, x) after the solve.
        let copies = solves + (grid.finiteSteps.isEmpty ? 0 : 1)
        cost.memory += 8 * doubles(shape, c, solves: copies)
        if let training { add(training, shape, model, to: &cost) }
        return cost
    }

    /// Operations for one ridge, where everything is wanted and the kernel has full rank.
    private func solve(_ shape: BlockShape, _ c: Double, sizes: Range<Int>) -> Double {
        let N = shape.N
        let once =
            shape.factor(rank: N) + shape.testPoints(rank: N) + shape.rightHandSides(rank: N, c)
            + shape.predictions(from: N, c)
        return grid.sampleSize[sizes].reduce(once) { sum, n in
            let n = Double(n)
            // The last term is the condition estimate's.
            return sum + shape.weights(of: n, c) + shape.fit(of: n, c) + 10 * n * n
        }
    }

    /// Matrix elements at the peak.
    private func doubles(_ shape: BlockShape, _ c: Double, solves: Int) -> Double {
        let (N, M, samples) = (shape.N, shape.M, shape.samples)
        let copies = solves > 1 ? 2.0 : 1
        let tiles = shape.m == nil ? 0 : 1024 * N
        return N * N + copies * N * M + (shape.L + 2) * samples * (shape.m ?? 0) + tiles
            + samples * (4 * c + 2 * shape.d)
    }

    /// Adds what training takes.
    private func add(
        _ training: TrainingShape, _ shape: BlockShape, _ model: Model, to cost: inout Cost
    ) {
        let (c, steps, stops) = (training.students, training.steps, training.stops)
        let hasKernels = metrics.contains(.sharpness) || metrics.contains(.kernelChange)
        let hasLinearised =
            model == .linearised || metrics.contains(.linearisationGap)
            || metrics.contains(.linearisationRisk)
        for n in training.sampleSizes {
            if hasLinearised {
                cost.flops +=
                    steps * (shape.linearisedPass(n) + shape.linearisedStep(n, c))
                    + stops * shape.predictions(from: n, c)
                cost.elements += 2 * steps * n * c
            }
            if model == .network {
                cost.flops +=
                    c * (steps * shape.networkStep(n) + stops * shape.networkForward(shape.M))
                if hasKernels { cost.flops += c * stops * shape.networkKernel(n) }
                // A pass over a unit, and a call of a product, take as long as so many functions.
                cost.elements +=
                    c * steps * (0.3 * shape.networkUnits(n) + 300 * shape.networkCalls)
            } else if hasKernels {
                // Some forty steps of Lanczos' method for each stop.
                cost.flops += 40 * stops * shape.linearisedStep(n, c)
            }
        }
        cost.memory += 8 * trainingDoubles(training, shape, model)
    }

    /// Matrix elements that training adds at the peak: K of the largest sample size in full; for linearised
    /// students what they are at the training and test points; for a network its weights three times, its layers
    /// at the training samples, and its own kernel.
    private func trainingDoubles(
        _ training: TrainingShape, _ shape: BlockShape, _ model: Model
    ) -> Double {
        let n = training.sampleSizes.max() ?? 0
        let c = min(training.students, 128)
        let linearised = n * n + c * (6 * n + 2 * shape.M)
        guard model == .network, let m = shape.m else { return linearised }
        let layers = (2 * shape.L + 2) * (m + 1) * max(n, min(shape.M, 256))
        return linearised + 3 * shape.parameters + layers + 3 * n * n + training.stops * shape.M * c
    }

    /// Bytes that a process has at the peak for the sweep's table of R rows: the file's, which a worker keeps
    /// for the next sweep and the coordinator to send them, the features, the logits and the labels, and a
    /// standardisation's order of the rows and the columns that it has in hand. 0 for a mixture, and for a
    /// table whose length an older build didn't note.
    public var tableMemory: Double {
        guard let table, let rows = table.rows, let bytes = table.bytes else { return 0 }
        return Double(bytes) + Double(rows) * (8 * Double(table.features.count + 1) + 1 + 112)
    }

    /// d, the dimension of x.
    public var dimension: Int {
        switch settings.learningTask {
        case .gaussianMixture(let mixture): mixture.dimension
        case .table(let table): table.features.count
        }
    }
}
