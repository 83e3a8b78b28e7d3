/// One kernel, fixed by (width, depth, seed), and the cells that share it:
/// ridges x sample sizes x right-hand sides (soft ratio, teacher noise, temperature).
///
/// A block's cells have places in `0 ..< cellCount`: the ridge varies slowest, then the sample size,
/// then the right-hand side. A task is a block, and its id is the block's number.
public struct Block: Hashable, Sendable {
    /// The position in the sweep's list of blocks.
    public var number: Int
    public var width: Width
    public var depth: Int
    public var seed: Int
    /// The places that are to be computed, as ascending runs; all of them for a fresh block.
    public var wanted: [Range<Int>]

    private let axes: (width: Int, depth: Int, seed: Int)
    private let grid: Grid

    init(number: Int, grid: Grid) {
        self.number = number
        self.grid = grid
        let seed = number % grid.seed.count
        let depth = number / grid.seed.count % grid.depth.count
        let width = number / grid.seed.count / grid.depth.count
        self.axes = (width, depth, seed)
        self.width = grid.width[width]
        self.depth = grid.depth[depth]
        self.seed = grid.seed[seed]
        self.wanted = []
        self.wanted = [0..<cellCount]
    }

    public var sampleSizes: [Int] { grid.sampleSize }
    public var ridges: [Double] { grid.ridge }

    /// c: soft ratios x teacher noises x temperatures, in this order, the last fastest.
    public var rightHandSideCount: Int {
        grid.softRatio.count * grid.teacherNoise.count * grid.temperature.count
    }

    /// Right-hand side `column` in `0 ..< rightHandSideCount`.
    public func rightHandSide(_ column: Int) -> RightHandSide {
        let (p, e, t) = rightHandSideAxes(column)
        return RightHandSide(
            softRatio: grid.softRatio[p], teacherNoise: grid.teacherNoise[e],
            temperature: grid.temperature[t])
    }

    public var cellCount: Int { ridges.count * sampleSizes.count * rightHandSideCount }

    /// How many cells are to be computed.
    public var wantedCount: Int { wanted.reduce(0) { $0 + $1.count } }

    /// The place within the block of (ridge, sample size, right-hand side), each a position.
    public func place(ridge: Int, sampleSize: Int, column: Int) -> Int {
        (ridge * sampleSizes.count + sampleSize) * rightHandSideCount + column
    }

    /// The cell's number in the grid.
    public func cellNumber(at place: Int) -> Int {
        let column = place % rightHandSideCount
        let size = place / rightHandSideCount % sampleSizes.count
        let ridge = place / rightHandSideCount / sampleSizes.count
        let (p, e, t) = rightHandSideAxes(column)
        return grid.number(
            width: axes.width, sampleSize: size, softRatio: p, teacherNoise: e, temperature: t,
            depth: axes.depth, ridge: ridge, seed: axes.seed)
    }

    /// The block with only those wanted cells that `isWanted` (asked by cell number); nil if none is.
    public func narrowed(to isWanted: (Int) -> Bool) -> Block? {
        var runs: [Range<Int>] = []
        for place in wanted.joined() where isWanted(cellNumber(at: place)) {
            if let last = runs.last, last.upperBound == place {
                runs[runs.count - 1] = last.lowerBound..<place + 1
            } else {
                runs.append(place..<place + 1)
            }
        }
        guard !runs.isEmpty else { return nil }
        var narrowed = self
        narrowed.wanted = runs
        return narrowed
    }

    private func rightHandSideAxes(_ column: Int) -> (softRatio: Int, noise: Int, temperature: Int)
    {
        let temperatures = grid.temperature.count
        let noises = grid.teacherNoise.count
        return (
            column / temperatures / noises, column / temperatures % noises, column % temperatures
        )
    }

    public static func == (a: Block, b: Block) -> Bool {
        a.number == b.number && a.wanted == b.wanted && a.grid == b.grid
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(number)
        hasher.combine(wanted)
    }
}

/// What one column of the solve asks of the student.
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
    /// How many blocks, and so tasks, the sweep has: widths x depths x seeds.
    public var blockCount: Int { grid.width.count * grid.depth.count * grid.seed.count }

    /// Block `number` of the list, which follows from the sweep alone: width slowest, seed fastest.
    /// O(1), so that a sweep of millions of cells need not be held.
    public func block(_ number: Int) -> Block {
        precondition(0 <= number && number < blockCount, "block \(number) of \(blockCount)")
        return Block(number: number, grid: grid)
    }
}
