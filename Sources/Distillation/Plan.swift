import Sweep

/// What of a block is to be solved so that its wanted cells come out.
struct Plan {
    /// One ridge's share: the positions of its sample sizes and right-hand sides, ascending.
    struct Work {
        let ridge: Int
        let sizes: [Int]
        let columns: [Int]
    }

    /// The ridges with their work, ascending.
    let ridges: [(ridge: Int, work: Work)]
    /// The distinct teacher noise levels of the right-hand sides.
    let noiseLevels: [Double]

    init(_ block: Block) {
        let columnCount = block.rightHandSideCount
        let sizeCount = block.sampleSizes.count
        let perRidge = Dictionary(grouping: block.wanted.joined()) {
            $0 / columnCount / sizeCount
        }
        ridges = perRidge.keys.sorted().map { ridge in
            let places = perRidge[ridge]!
            let work = Work(
                ridge: ridge,
                sizes: Set(places.map { $0 / columnCount % sizeCount }).sorted(),
                columns: Set(places.map { $0 % columnCount }).sorted())
            return (ridge, work)
        }
        let levels = ridges.flatMap { $0.work.columns }
            .map { block.rightHandSide($0).teacherNoise }
        noiseLevels = Set(levels).sorted()
    }
}

/// The rows of a block's wanted cells as they fill.
struct RowBuilder {
    private(set) var rows: [Row]
    /// A wanted place's position in `rows`; -1 for a place that isn't wanted.
    private var positions: [Int32]
    private let demand: Demand

    init(_ block: Block, _ demand: Demand) {
        self.demand = demand
        positions = [Int32](repeating: -1, count: block.cellCount)
        rows = []
        rows.reserveCapacity(block.wantedCount)
        let undefined = [Double](repeating: .nan, count: demand.count)
        for place in block.wanted.joined() {
            positions[place] = Int32(rows.count)
            rows.append(
                Row(cell: block.cellNumber(at: place), status: .singular, values: undefined))
        }
    }

    /// Fills a cell's row, unless it isn't wanted. Where the kernel is singular at its sample size
    /// (`size` is nil) the teacher's error is all there is.
    mutating func fill(_ place: Int, _ measures: Measures, size: Int?) {
        let position = Int(positions[place])
        guard position >= 0 else { return }
        if let size {
            rows[position].status = .ok
            measures.forEach(size: size) { metric, value in
                if let index = demand[metric] { rows[position].values[index] = value }
            }
        } else if let index = demand[.teacherError] {
            rows[position].values[index] = measures.teacherError
        }
    }
}
