/// How a block is cut into slices, if its right-hand sides take far more work than what each slice has to do
/// again (the samples, the kernel and its factors). With s slices,
///
///     s <= own / (4 shared),   so   s shared + own <= own + own / 4,
///
/// slicing adds less than a quarter to the work, and bounds what a slice's right-hand sides take in memory.
///
/// Linearised students of all sample sizes are solved together, so their slices differ by right-hand sides only.
/// Networks are trained one by one, so theirs have some sample sizes each, or one size with some right-hand sides.
struct Slicing {
    /// A slice's own right-hand sides take at least this many times the work that all slices share.
    private static let leastWeight = 4.0
    /// The least work of a slice, some milliseconds: a shorter one would cost more in messages than in work.
    private static let leastWork = 2e7

    private let sweep: Sweep
    private let block: Block
    private let sizes: Range<Int>
    private let columns: Range<Int>
    private let shared: Double

    init(_ sweep: Sweep, _ block: Block) {
        self.sweep = sweep
        self.block = block
        sizes = 0..<sweep.grid.sampleSize.count
        columns = 0..<block.rightHandSideCount
        shared = Self.work(sweep, block, Block.Part(sizes: 0..<0, columns: 0..<0))
    }

    private static func work(_ sweep: Sweep, _ block: Block, _ part: Block.Part) -> Double {
        sweep.cost(width: block.width, model: block.model, depth: block.depth, part: part).work
    }

    private func own(sizes: Range<Int>) -> Double {
        Self.work(sweep, block, Block.Part(sizes: sizes, columns: columns)) - shared
    }

    /// Parts that together are the block, each cell in one.
    var slices: [Block.Part] {
        let work = own(sizes: sizes)
        let most = min(work / (Self.leastWeight * shared), work / Self.leastWork)
        guard block.model == .network else {
            return cut(sizes, into: max(1, Int(min(most, Double(columns.count)))))
        }
        return grouped(weight: most < 2 ? .infinity : work / most)
    }

    /// Slices of networks, each of about as much work, if the sizes can be cut so.
    private func grouped(weight: Double) -> [Block.Part] {
        var slices: [Block.Part] = []
        var (first, gathered) = (sizes.lowerBound, 0.0)
        func flush(to end: Int) {
            if first < end { slices.append(Block.Part(sizes: first..<end, columns: columns)) }
            (first, gathered) = (end, 0)
        }
        for size in sizes {
            let work = own(sizes: size..<size + 1)
            if work >= 1.5 * weight {
                flush(to: size)
                slices += cut(size..<size + 1, into: Int((work / weight).rounded()))
                first = size + 1
            } else {
                gathered += work
                if gathered >= weight { flush(to: size + 1) }
            }
        }
        flush(to: sizes.upperBound)
        return slices
    }

    /// These sizes with so many parts of the right-hand sides, or fewer: those of hard labels alone stay together
    /// where networks are trained, as they train as one.
    private func cut(_ sizes: Range<Int>, into count: Int) -> [Block.Part] {
        let units =
            block.model == .network
            ? sweep.grid.trainedSides : columns.map { $0..<$0 + 1 }
        let count = min(count, units.count)
        // If they can't be divided evenly, the first parts have one more.
        let (least, more) = units.count.quotientAndRemainder(dividingBy: count)
        return (0..<count).map { slice in
            let first = least * slice + min(slice, more)
            let last = first + least + (slice < more ? 1 : 0) - 1
            return Block.Part(
                sizes: sizes, columns: units[first].lowerBound..<units[last].upperBound)
        }
    }
}
