import Sweep

/// From axis values, as the store has them, back to cell and block numbers.
struct GridPositions {
    let blockCount: Int
    /// The number of cells between one value of an axis and the next, in grid order.
    let strides: [Int]
    private let grid: Grid
    private let width: [Int: Int]
    private let depth: [Int: Int]
    private let seed: [Int: Int]
    /// Value to its part of the cell number.
    private let sampleSize: [Int: Int]
    private let softRatio: [Double: Int]
    private let teacherNoise: [Double: Int]
    private let temperature: [Double: Int]
    private let ridge: [Double: Int]

    init(_ grid: Grid) {
        let shape = grid.shape
        let strides = shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
        func parts<Value: Hashable>(_ values: [Value], _ stride: Int) -> [Value: Int] {
            Dictionary(
                values.enumerated().map { ($1, $0 * stride) },
                uniquingKeysWith: { first, _ in first })
        }
        self.grid = grid
        self.strides = strides
        blockCount = grid.width.count * grid.depth.count * grid.seed.count
        width = parts(grid.width.map(\.stored), 1)
        depth = parts(grid.depth, 1)
        seed = parts(grid.seed, 1)
        sampleSize = parts(grid.sampleSize, strides[1])
        softRatio = parts(grid.softRatio, strides[2])
        teacherNoise = parts(grid.teacherNoise, strides[3])
        temperature = parts(grid.temperature, strides[4])
        ridge = parts(grid.ridge, strides[6])
    }

    /// The number of a kernel's block; nil where the grid has no such kernel.
    func block(width: Int, depth: Int, seed: Int) -> Int? {
        guard let w = self.width[width], let d = self.depth[depth], let s = self.seed[seed]
        else { return nil }
        return block(w, d, s)
    }

    /// The number of the block that a cell belongs to.
    func block(ofCell cell: Int) -> Int {
        block(
            cell / strides[0], cell / strides[5] % grid.depth.count, cell % grid.seed.count)
    }

    private func block(_ w: Int, _ d: Int, _ s: Int) -> Int {
        (w * grid.depth.count + d) * grid.seed.count + s
    }

    /// The number of a block's first cell.
    func firstCell(ofBlock block: Int) -> Int {
        let s = block % grid.seed.count
        let d = block / grid.seed.count % grid.depth.count
        let w = block / grid.seed.count / grid.depth.count
        return w * strides[0] + d * strides[5] + s
    }

    /// How far from its block's first cell a cell of these values is; nil where the grid has none.
    func offset(
        sampleSize: Int, softRatio: Double, teacherNoise: Double, temperature: Double, ridge: Double
    ) -> Int? {
        guard let n = self.sampleSize[sampleSize], let p = self.softRatio[softRatio],
            let e = self.teacherNoise[teacherNoise], let t = self.temperature[temperature],
            let r = self.ridge[ridge]
        else { return nil }
        return n + p + e + t + r
    }
}

extension Width {
    /// As the store has it: 0 is infinite.
    var stored: Int {
        switch self {
        case .finite(let units): units
        case .infinite: 0
        }
    }
}
