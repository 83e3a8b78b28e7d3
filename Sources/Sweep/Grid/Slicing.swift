/// How a block is cut into slices, if its right-hand sides take far more work than what each slice has to do
/// again (the samples, the kernel and its factors). With s slices,
///
///     s <= own / (4 shared),   so   s shared + own <= own + own / 4,
///
/// slicing adds less than a quarter to the work, and bounds what a slice's right-hand sides take in memory.
///
/// Limits of all sample sizes are solved together, so where nothing else is asked for, slices differ by right-hand
/// sides only. Students of different sample sizes are trained apart: slices of these have some sample sizes each, or
/// one size with some right-hand sides.
struct Slicing {
    /// A slice's own right-hand sides take at least this many times the work that all slices share.
    private static let leastWeight = 4.0
    /// The least work of a slice, some milliseconds: a shorter one would cost more in messages than in work.
    private static let leastWork = 2e7

    private let sweep: Sweep
    private let block: Block
    private let sizes: Range<Int>
    private let columns: Range<Int>

    init(_ sweep: Sweep, _ block: Block) {
        self.sweep = sweep
        self.block = block
        sizes = 0..<sweep.grid.sampleSize.count
        columns = 0..<block.rightHandSideCount
    }

    private func work(_ sizes: Range<Int>, _ columns: Range<Int>) -> Double {
        sweep.cost(
            width: block.width, model: block.model, depth: block.depth,
            part: Block.Part(sizes: sizes, columns: columns)
        ).work
    }

    /// Into how many slices of right-hand sides these sizes may be cut.
    private func most(_ sizes: Range<Int>, shared: Double) -> Int {
        let own = work(sizes, columns) - shared
        return max(1, Int(min(own / (Self.leastWeight * shared), own / Self.leastWork)))
    }

    /// Parts that together are the block, each cell in one.
    var slices: [Block.Part] {
        guard sweep.grid.finiteSteps.isEmpty else { return bySize }
        return cut(sizes, into: most(sizes, shared: work(0..<0, 0..<0)))
    }

    /// Each with one sample size or several, by how much work these are.
    private var bySize: [Block.Part] {
        let shared = work(0..<0, columns)
        let least = max(Self.leastWeight * shared, Self.leastWork)
        var slices: [Block.Part] = []
        var (first, gathered) = (sizes.lowerBound, 0.0)
        func flush(to end: Int) {
            if first < end { slices.append(Block.Part(sizes: first..<end, columns: columns)) }
            (first, gathered) = (end, 0)
        }
        for position in sizes {
            let size = position..<position + 1
            let count = most(size, shared: work(size, 0..<0))
            if count > 1 {
                flush(to: position)
                slices += cut(size, into: count)
                first = position + 1
            } else {
                gathered += work(size, columns) - shared
                if gathered >= least { flush(to: position + 1) }
            }
        }
        flush(to: sizes.upperBound)
        return slices
    }

    /// These sizes with so many parts of the right-hand sides, or fewer: those of hard labels alone stay together
    /// where students are trained, as they train as one.
    private func cut(_ sizes: Range<Int>, into count: Int) -> [Block.Part] {
        let units =
            sweep.grid.finiteSteps.isEmpty
            ? columns.map { $0..<$0 + 1 } : sweep.grid.trainedSides
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
