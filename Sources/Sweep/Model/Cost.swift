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
    /// for one ridge and 2 for more, and 1024 N (tiles of the Gram products) for a finite width only;
    /// and `tableMemory`, as a worker holds its table while it works.
    /// O(sample sizes). Linear in c: a slice costs what its own right-hand sides do, plus once more what all
    /// slices share.
    public func cost(of block: Block) -> Cost {
        cost(width: block.width, depth: block.depth, rightHandSides: block.rightHandSideCount)
    }

    func cost(width: Width, depth: Int, rightHandSides: Int) -> Cost {
        let N = Double(settings.oracleSamples)
        let M = Double(settings.testSamples)
        let d = Double(dimension)
        let L = Double(depth)
        let c = Double(rightHandSides)
        let pairs = N * (N + 1) / 2 + N * M
        var m = 0.0
        var tiles = 0.0
        var flops = 2 * pairs * d
        var elements = (N + M) * (d + 16 + c)
        let noise = settings.teacherNoise.cost(dimension: d)
        flops += (N + M) * noise.flops
        elements += (N + M) * noise.elements
        switch width {
        case .infinite:
            elements += 2 * pairs * L
        case .finite(let width):
            m = Double(width)
            tiles = 1024 * N
            let weights = m * d + (L - 1) * m * m
            // Forward and backward through every weight, then two Gram products a layer.
            flops += 4 * (N + M) * weights + 4 * pairs * m * L
            elements += 2 * weights + (N + M) * m * 2 * L
        }
        var solve = N * N * N / 3 + N * N * (M + c)  // factor; V and Y
        solve += 2 * N * M * c  // f at the test points
        for n in grid.sampleSize {
            let n = Double(n)
            solve += 3 * n * n * c + 10 * n * n  // alpha, K alpha, the condition estimate
        }
        flops += Double(grid.ridge.count) * solve
        let copies = grid.ridge.count > 1 ? 2.0 : 1
        let doubles =
            N * N + copies * N * M + (L + 2) * (N + M) * m + tiles + (N + M) * (4 * c + 2 * d)
        return Cost(
            flops: flops, elements: elements, memory: 8 * doubles + tableMemory + Cost.baseMemory)
    }

    /// Bytes that a process has at the peak for the sweep's table of R rows: the file's, which a worker keeps
    /// for the next sweep and the coordinator to send them, the features, the logits and the labels, and a
    /// standardisation's order of the rows and the columns that it has in hand. 0 for a mixture, and for a
    /// table whose length an older build didn't note.
    public var tableMemory: Double {
        guard let table, let rows = table.rows, let bytes = table.bytes else { return 0 }
        return Double(bytes) + Double(rows) * (8 * Double(table.features.count + 1) + 1 + 112)
    }

    /// Bytes that a coordinator, or the reading of the sweep file, has at its peak for the sweep itself.
    public var coordinatorMemory: Double { tableMemory + Cost.baseMemory }

    /// d, the dimension of x.
    public var dimension: Int {
        switch settings.learningTask {
        case .gaussianMixture(let mixture): mixture.dimension
        case .table(let table): table.features.count
        }
    }
}
