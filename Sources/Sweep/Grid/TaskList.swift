/// A sweep's tasks: its blocks in their order, each whole or in slices.
///
/// The list follows from the sweep alone, so that the bytes of the results depend neither on the
/// workers nor on what is stored. It is a part of the protocol: if a change to it or to the cost
/// model gives a task another number, the protocol needs a new version.
public struct TaskList: Sendable {
    /// The tasks of one width, model and depth: the blocks of all seeds, each in the same slices.
    private struct Shape {
        /// The first task's number, and the first block's.
        var start: Int
        var firstBlock: Int
        var slices: [Block.Part]
    }

    private let grid: Grid
    private var shapes: [Shape] = []
    public let count: Int
    /// How many blocks have cells.
    public let blockCount: Int

    init(_ sweep: Sweep) {
        grid = sweep.grid
        var start = 0
        var blocks = 0
        // The seed is the last of a kernel's axes, so the blocks that differ by it alone have consecutive numbers.
        for firstBlock in stride(from: 0, to: sweep.blockCount, by: grid.seed.count) {
            let block = sweep.block(firstBlock)
            guard !block.wanted.isEmpty else { continue }
            let slices = Slicing(sweep, block).slices
            shapes.append(Shape(start: start, firstBlock: firstBlock, slices: slices))
            start += grid.seed.count * slices.count
            blocks += grid.seed.count
        }
        count = start
        blockCount = blocks
    }

    /// The task of a number in `0 ..< count`. O(log(widths x models x depths)).
    public subscript(number: Int) -> Block {
        precondition(0 <= number && number < count, "task \(number) of \(count)")
        var (low, high) = (0, shapes.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if shapes[middle].start <= number { low = middle } else { high = middle }
        }
        let shape = shapes[low]
        let (seed, slice) = (number - shape.start).quotientAndRemainder(
            dividingBy: shape.slices.count)
        return Block(
            number: number, kernel: shape.firstBlock + seed, part: shape.slices[slice], grid: grid)
    }
}

extension TaskList {
    /// The tasks in order, each made when it is asked for.
    public var all: some Sequence<Block> { (0..<count).lazy.map { self[$0] } }
}

extension Sweep {
    /// The list of the sweep's tasks. O(widths x models x depths x sample sizes): keep it for many look-ups.
    public var tasks: TaskList { TaskList(self) }
}
