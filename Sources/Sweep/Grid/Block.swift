/// One kernel, fixed by (width, depth, seed), with a model, and the cells that share them:
/// solvers (steps, ridge) x sample sizes x right-hand sides (soft ratio, teacher noise, temperature).
///
/// Each cell of a block has a place, a number that stands for its solver, sample size and right-hand side. A
/// slice of a block is a `Block` with fewer sample sizes or right-hand sides; its places, sizes and columns
/// count from 0 too.
public struct Block: Hashable, Sendable {
    /// Its position in the list that it was taken from: the sweep's blocks, or its tasks.
    public var number: Int
    public let places: Places
    /// The places that are to be computed, as ascending runs; in a new block those of all cells that exist.
    public var wanted: [Range<Int>]

    private let grid: Grid
    /// The number of its kernel among the grid's, and so of the whole block among the sweep's.
    public let kernel: Int
    /// The numbers of its first sample size and right-hand side among the grid's.
    private let firstSize, firstColumn: Int

    /// - Parameter part: which of the grid's sample sizes and right-hand sides it has; nil for all of them.
    init(number: Int, kernel: Int, part: Part? = nil, grid: Grid) {
        let numbering = grid.numbering
        let part =
            part ?? Part(sizes: 0..<numbering.sizes.count, columns: 0..<numbering.sides.count)
        let places = Places(
            solvers: numbering.solvers.count, sizes: part.sizes.count,
            columns: part.columns.count)
        self.number = number
        self.places = places
        self.grid = grid
        self.kernel = kernel
        (firstSize, firstColumn) = (part.sizes.lowerBound, part.columns.lowerBound)
        wanted = []
        for solver in 0..<places.solvers where numbering.exists(kernel: kernel, solver: solver) {
            append(places.all(ofSolver: solver), to: &wanted)
        }
    }

    /// Some neighbouring sample sizes and right-hand sides, by their positions among the grid's.
    struct Part: Hashable, Sendable {
        var sizes: Range<Int>
        var columns: Range<Int>
    }

    /// Which of the grid's sample sizes and right-hand sides it has.
    var part: Part {
        Part(
            sizes: firstSize..<firstSize + places.sizes,
            columns: firstColumn..<firstColumn + places.columns)
    }

    public var width: Width { firstCell.width }
    public var model: Model { firstCell.model }
    /// What kind of student it has, in words: `width 64`, `network of width 64`.
    public var student: String {
        switch model {
        case .linearised: "width \(width)"
        case .network: "network of width \(width)"
        }
    }
    public var depth: Int { firstCell.depth }
    public var seed: Int { firstCell.seed }
    /// The position of its seed among the grid's.
    public var seedPosition: Int { kernel % grid.seed.count }
    private var firstCell: Cell { grid[grid.numbering.kernels.offset(of: kernel)] }

    public var sampleSizes: [Int] {
        Array(grid.sampleSize[firstSize..<firstSize + places.sizes])
    }

    /// How far the students of a solver are trained, `solver` in `0 ..< places.solvers`.
    public func steps(ofSolver solver: Int) -> Steps {
        grid[grid.numbering.solvers.offset(of: solver)].steps
    }

    /// lambda of a solver, `solver` in `0 ..< places.solvers`.
    public func ridge(ofSolver solver: Int) -> Double {
        grid[grid.numbering.solvers.offset(of: solver)].ridge
    }

    /// c. A whole block has soft ratios x teacher noises x temperatures right-hand sides, in this order, the
    /// last fastest.
    public var rightHandSideCount: Int { places.columns }

    /// Right-hand side `column` in `0 ..< rightHandSideCount`.
    public func rightHandSide(_ column: Int) -> RightHandSide {
        let cell = grid[grid.numbering.sides.offset(of: firstColumn + column)]
        return RightHandSide(
            softRatio: cell.softRatio, teacherNoise: cell.teacherNoise,
            temperature: cell.temperature)
    }

    /// How many cells are to be computed.
    public var wantedCount: Int { wanted.reduce(0) { $0 + $1.count } }

    /// The cell's number in the grid.
    public func cellNumber(at place: Int) -> Int {
        let (solver, size, column) = places[place]
        let numbering = grid.numbering
        return numbering.kernels.offset(of: kernel) + numbering.solvers.offset(of: solver)
            + numbering.sizes.offset(of: firstSize + size)
            + numbering.sides.offset(of: firstColumn + column)
    }

    /// Calls `body` for each wanted cell, with its place and its number. Takes some nanoseconds for each;
    /// `cellNumber(at:)` takes some tens.
    public func forEachWanted(_ body: (_ place: Int, _ cell: Int) -> Void) {
        let numbering = grid.numbering
        let base = numbering.kernels.offset(of: kernel)
        for run in wanted {
            var place = run.lowerBound
            while place < run.upperBound {
                let (solver, size, column) = places[place]
                let end = min(run.upperBound, place - column + places.columns)
                let row =
                    base + numbering.solvers.offset(of: solver)
                    + numbering.sizes.offset(of: firstSize + size)
                numbering.sides.forEachOffset(
                    from: firstColumn + column, count: end - place
                ) { body(place + $0, row + $1) }
                place = end
            }
        }
    }

    /// The block with only those wanted cells for whose number `isWanted` is true; nil if it is for none.
    public func narrowed(to isWanted: (Int) -> Bool) -> Block? {
        var kept: [Range<Int>] = []
        forEachWanted { place, cell in
            if isWanted(cell) { append(place..<place + 1, to: &kept) }
        }
        guard !kept.isEmpty else { return nil }
        var narrowed = self
        narrowed.wanted = kept
        return narrowed
    }

    public static func == (a: Block, b: Block) -> Bool {
        a.number == b.number && a.kernel == b.kernel && a.firstColumn == b.firstColumn
            && a.firstSize == b.firstSize && a.places == b.places && a.wanted == b.wanted
            && a.grid == b.grid
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(number)
        hasher.combine(wanted)
    }
}

/// How the places of a block's cells are numbered: the solver varies slowest, then the sample size, then the
/// right-hand side.
public struct Places: Hashable, Sendable {
    public let solvers: Int
    public let sizes: Int
    public let columns: Int

    /// Places are `0 ..< count`.
    public var count: Int { solvers * sizes * columns }

    /// The place of a solver, a sample size and a right-hand side, given by their positions.
    public func number(solver: Int, size: Int, column: Int) -> Int {
        (solver * sizes + size) * columns + column
    }

    /// The reverse of `number(solver:size:column:)`.
    public subscript(place: Int) -> (solver: Int, size: Int, column: Int) {
        let (rest, column) = place.quotientAndRemainder(dividingBy: columns)
        let (solver, size) = rest.quotientAndRemainder(dividingBy: sizes)
        return (solver, size, column)
    }

    func all(ofSolver solver: Int) -> Range<Int> {
        solver * sizes * columns..<(solver + 1) * sizes * columns
    }
}

/// Appends a range that lies after all others; if it touches the last one, the two are joined.
private func append(_ range: Range<Int>, to runs: inout [Range<Int>]) {
    if let last = runs.last, last.upperBound == range.lowerBound {
        runs[runs.count - 1] = last.lowerBound..<range.upperBound
    } else {
        runs.append(range)
    }
}

/// What the student is asked for in one column of the solve.
public struct RightHandSide: Hashable, Sendable {
    /// rho
    public var softRatio: Double
    /// eta
    public var teacherNoise: Double
    /// T
    public var temperature: Double

    public init(softRatio: Double, teacherNoise: Double, temperature: Double) {
        self.softRatio = softRatio
        self.teacherNoise = teacherNoise
        self.temperature = temperature
    }
}

extension Sweep {
    /// How many blocks the sweep has: widths x models x depths x seeds.
    public var blockCount: Int { grid.numbering.kernels.count }

    /// The whole block `number`. Blocks are ordered by width (slowest), model, depth and seed (fastest). O(1).
    public func block(_ number: Int) -> Block {
        precondition(0 <= number && number < blockCount, "block \(number) of \(blockCount)")
        return Block(number: number, kernel: number, grid: grid)
    }
}
