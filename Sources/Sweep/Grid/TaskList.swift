/// A sweep's tasks: its blocks in their order, each whole or in slices of its right-hand sides.
///
/// The list follows from the sweep alone, so that the bytes of the results depend neither on the
/// workers nor on what is stored. It is a part of the protocol: if a change to it or to the cost
/// model gives a task another number, the protocol needs a new version.
///
/// A block is sliced if its right-hand sides take far more work than what each slice has to do again (the
/// samples, the kernel and its factors). With s slices of c right-hand sides in all,
///
///     s <= own / (4 shared),   so   s shared + own <= own + own / 4,
///
/// slicing adds less than a quarter to the work, and no slice has many more than
/// `4 shared / own` c right-hand sides, which bounds its memory.
public struct TaskList: Sendable {
    /// The tasks of one width and depth: the blocks of all seeds, each in equally many slices.
    private struct Shape {
        /// The first task's number, and the first block's.
        var start: Int
        var firstBlock: Int
        var slices: Int
    }

    /// A slice's own right-hand sides take at least this many times the work that all slices share.
    private static let leastWeight = 4.0
    /// The least work of a slice, some milliseconds: a shorter one would cost more in messages than in work.
    private static let leastWork = 2e7

    private let grid: Grid
    private var shapes: [Shape] = []
    public let count: Int

    init(_ sweep: Sweep) {
        grid = sweep.grid
        var start = 0
        // The seed is the last of a kernel's axes, so the blocks that differ by it alone have consecutive numbers.
        for firstBlock in stride(from: 0, to: sweep.blockCount, by: grid.seed.count) {
            let block = sweep.block(firstBlock)
            let slices = block.wanted.isEmpty ? 0 : Self.slices(of: block, sweep)
            shapes.append(Shape(start: start, firstBlock: firstBlock, slices: slices))
            start += grid.seed.count * slices
        }
        count = start
    }

    private static func slices(of block: Block, _ sweep: Sweep) -> Int {
        let columns = block.rightHandSideCount
        func work(_ columns: Int) -> Double {
            sweep.cost(width: block.width, depth: block.depth, rightHandSides: columns).work
        }
        let shared = work(0)
        let own = work(columns) - shared
        let most = min(own / (leastWeight * shared), own / leastWork, Double(columns))
        return max(1, Int(most))
    }

    /// The task of a number in `0 ..< count`. O(log(widths x depths)).
    public subscript(number: Int) -> Block {
        precondition(0 <= number && number < count, "task \(number) of \(count)")
        var (low, high) = (0, shapes.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if shapes[middle].start <= number { low = middle } else { high = middle }
        }
        let shape = shapes[low]
        let (seed, slice) = (number - shape.start).quotientAndRemainder(dividingBy: shape.slices)
        // If the columns can't be divided evenly, the first slices have one more.
        let (least, more) = grid.numbering.sides.count.quotientAndRemainder(
            dividingBy: shape.slices)
        let first = least * slice + min(slice, more)
        return Block(
            number: number, kernel: shape.firstBlock + seed,
            columns: first..<first + least + (slice < more ? 1 : 0), grid: grid)
    }
}

extension Sweep {
    /// The list of the sweep's tasks. O(widths x depths x sample sizes): keep it for many look-ups.
    public var tasks: TaskList { TaskList(self) }
}
