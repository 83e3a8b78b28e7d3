/// One kernel, fixed by (width, depth, seed), and the cells that share it:
/// ridges x sample sizes x right-hand sides (soft ratio, teacher noise, temperature).
///
/// A block's cells have places in `0 ..< cellCount`: the ridge varies slowest, then the sample size,
/// then the right-hand side. A slice of a block is a block too, of fewer right-hand sides: its places
/// and columns count from 0, whichever slice it is.
public struct Block: Hashable, Sendable {
    /// The position in the list that it was taken from: the sweep's blocks, or its tasks.
    public var number: Int
    public var width: Width
    public var depth: Int
    public var seed: Int
    /// The places that are to be computed, as ascending runs; all of them for a fresh block.
    public var wanted: [Range<Int>]

    private let axes: (width: Int, depth: Int, seed: Int)
    private let grid: Grid
    /// Which of the grid's right-hand sides are this block's.
    private let columns: Range<Int>

    /// - Parameter columns: of the grid's right-hand sides; nil for all of them.
    init(number: Int, whole: Int, columns: Range<Int>? = nil, grid: Grid) {
        self.number = number
        self.grid = grid
        self.columns = columns ?? 0..<grid.rightHandSideCount
        let seed = whole % grid.seed.count
        let depth = whole / grid.seed.count % grid.depth.count
        let width = whole / grid.seed.count / grid.depth.count
        self.axes = (width, depth, seed)
        self.width = grid.width[width]
        self.depth = grid.depth[depth]
        self.seed = grid.seed[seed]
        self.wanted = []
        self.wanted = [0..<cellCount]
    }

    public var sampleSizes: [Int] { grid.sampleSize }
    public var ridges: [Double] { grid.ridge }

    /// c: of a whole block soft ratios x teacher noises x temperatures, in this order, the last
    /// fastest.
    public var rightHandSideCount: Int { columns.count }

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
        let column = columns.lowerBound + column
        return (
            column / temperatures / noises, column / temperatures % noises, column % temperatures
        )
    }

    public static func == (a: Block, b: Block) -> Bool {
        a.number == b.number && a.axes == b.axes && a.columns == b.columns
            && a.wanted == b.wanted && a.grid == b.grid
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
    /// How many blocks the sweep has: widths x depths x seeds.
    public var blockCount: Int { grid.width.count * grid.depth.count * grid.seed.count }

    /// Whole block `number`: width slowest, seed fastest. O(1).
    public func block(_ number: Int) -> Block {
        precondition(0 <= number && number < blockCount, "block \(number) of \(blockCount)")
        return Block(number: number, whole: number, grid: grid)
    }
}
