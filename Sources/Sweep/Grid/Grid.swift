/// The product of the axes, each with its values in the order given, without the cells that can't exist.
///
/// Cells are numbered in grid order: the first axis (width) varies slowest, the last (seed) fastest.
public struct Grid: Sendable {
    /// The values of each axis.
    private var values: [AxisValues] { didSet { number() } }
    /// Which values don't go together. Not encoded, since the build defines it.
    package var impossible: [Combination] { didSet { number() } }
    package private(set) var numbering: Numbering
    /// How many of the seeds each family has, by its number; nil where all have all. Not encoded, since it follows from
    /// results; and gone when values change, which gives families other numbers.
    package var seedCounts: [Int]? {
        didSet {
            precondition(
                seedCounts.map {
                    $0.count == familyCount && $0.allSatisfy { 1...seed.count ~= $0 }
                } ?? true, "each family has some of the seeds")
        }
    }

    /// - Parameter values: returns an axis' values, at least one.
    package init(_ values: (Axis) throws -> AxisValues) rethrows {
        self.values = try Axis.allCases.map(values)
        impossible = Combination.impossible
        numbering = Numbering(self.values, without: impossible)
    }

    private mutating func number() {
        numbering = Numbering(values, without: impossible)
        seedCounts = nil
    }

    public subscript(axis: Axis) -> AxisValues {
        get { values[axis.rawValue] }
        set { values[axis.rawValue] = newValue }
    }

    /// How many values each axis has, in grid order.
    public var shape: [Int] { values.map(\.count) }

    /// Cells have numbers in `0 ..< count`; some of these may not exist.
    public var count: Int { numbering.count }

    /// How many cells exist. O(1), or O(families x solvers) where these have different numbers of seeds.
    public var cellCount: Int {
        guard let seedCounts else { return numbering.cellCount }
        return cellCount(seeds: seedCounts)
    }

    /// How many cells exist if the families have so many seeds.
    package func cellCount(seeds: [Int]) -> Int {
        seeds.indices.reduce(0) { $0 + seeds[$1] * cellCount(ofSeedIn: $1) }
    }

    /// Whether there is a cell of this number.
    public func exists(_ number: Int) -> Bool {
        guard numbering.exists(number) else { return false }
        guard let seedCounts else { return true }
        let (family, seed) = familyAndSeed(ofCell: number)
        return seed < seedCounts[family]
    }

    // MARK: Families

    /// How many (width, model, depth) there are. The number of a block, divided by that of the seeds, is its family's.
    package var familyCount: Int { numbering.kernels.count / seed.count }

    /// How many seeds a grid point's family has.
    ///
    /// - Parameter point: as in `point(_:with:on:)`.
    package func seedCount(ofPoint point: Int) -> Int {
        seedCounts.map { $0[familyAndSeed(ofCell: point * seed.count).family] } ?? seed.count
    }

    package func firstCell(ofFamily family: Int) -> Int {
        numbering.kernels.offset(of: family * seed.count)
    }

    /// The number of a cell's family, and its seed's position.
    package func familyAndSeed(ofCell cell: Int) -> (family: Int, seed: Int) {
        let kernel = numbering.kernels.number(ofCell: cell)
        return (kernel / seed.count, kernel % seed.count)
    }

    /// How many cells one seed of a family has.
    package func cellCount(ofSeedIn family: Int) -> Int {
        let kernel = family * seed.count
        let solvers = (0..<numbering.solvers.count).count {
            numbering.exists(kernel: kernel, solver: $0)
        }
        return solvers * numbering.sizes.count * numbering.sides.count
    }

    /// Whether a block's family has its seed.
    package func hasBlock(_ number: Int) -> Bool {
        seedCounts.map { number % seed.count < $0[number / seed.count] } ?? true
    }

    /// The grid with only the values at these positions of some axes. O(values).
    package func narrowed(to positions: [Axis: [Int]]) -> Grid {
        var grid = Grid { axis in positions[axis].map(self[axis].at) ?? self[axis] }
        grid.impossible = impossible
        return grid
    }

    /// The grid point (seeds left out) that has another position on an axis, and all else as this one has it.
    ///
    /// - Parameter point: the number of its cells divided by the number of seeds.
    package func point(_ point: Int, with position: Int, on axis: Axis) -> Int {
        let stride = numbering.strides[axis.rawValue] / seed.count
        return point + (position - point / stride % self[axis].count) * stride
    }

    /// The cell of a number in `0 ..< count`.
    public subscript(number: Int) -> Cell {
        precondition(0 <= number && number < count, "cell \(number) of \(count)")
        return Cell(grid: self, number: number)
    }
}

extension Grid: Hashable {
    public static func == (a: Grid, b: Grid) -> Bool {
        a.values == b.values && a.impossible == b.impossible && a.seedCounts == b.seedCounts
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(values) }
}

/// One point of the grid. Equal to a cell of another grid if all its values are.
public struct Cell: Hashable, Sendable {
    private let grid: Grid
    public let number: Int

    fileprivate init(grid: Grid, number: Int) {
        self.grid = grid
        self.number = number
    }

    public subscript(axis: Axis) -> AxisValue {
        grid[axis][grid.numbering.position(on: axis, of: number)]
    }

    public static func == (a: Cell, b: Cell) -> Bool {
        Axis.allCases.allSatisfy { a[$0] == b[$0] }
    }

    public func hash(into hasher: inout Hasher) {
        for axis in Axis.allCases { hasher.combine(self[axis]) }
    }
}

// MARK: - Axes by name

extension Grid {
    public init(
        width: [Width], model: [Model] = [.linearised], steps: [Steps] = [.infinite],
        sampleSize: [Int], softRatio: [Double], teacherNoise: [Double],
        temperature: [Double], depth: [Int], ridge: [Double], seed: [Int]
    ) {
        self.init { axis in
            switch axis {
            case .width: .extents(width)
            case .model: .models(model)
            case .steps: .extents(steps)
            case .sampleSize: .integers(sampleSize)
            case .softRatio: .reals(softRatio)
            case .teacherNoise: .reals(teacherNoise)
            case .temperature: .reals(temperature)
            case .depth: .integers(depth)
            case .ridge: .reals(ridge)
            case .seed: .integers(seed)
            }
        }
    }

    public var width: [Width] {
        get { extents(.width) }
        set { self[.width] = .extents(newValue) }
    }
    public var model: [Model] {
        get { if case .models(let values) = self[.model] { values } else { [] } }
        set { self[.model] = .models(newValue) }
    }
    public var steps: [Steps] {
        get { extents(.steps) }
        set { self[.steps] = .extents(newValue) }
    }
    /// n, the samples that a student sees; >= 1
    public var sampleSize: [Int] {
        get { integers(.sampleSize) }
        set { self[.sampleSize] = .integers(newValue) }
    }
    /// rho in [0, 1]: the weight of the teacher's soft label against the hard one.
    public var softRatio: [Double] {
        get { reals(.softRatio) }
        set { self[.softRatio] = .reals(newValue) }
    }
    /// eta >= 0
    public var teacherNoise: [Double] {
        get { reals(.teacherNoise) }
        set { self[.teacherNoise] = .reals(newValue) }
    }
    /// T > 0
    public var temperature: [Double] {
        get { reals(.temperature) }
        set { self[.temperature] = .reals(newValue) }
    }
    /// L >= 1 hidden layers.
    public var depth: [Int] {
        get { integers(.depth) }
        set { self[.depth] = .integers(newValue) }
    }
    /// lambda >= 0
    public var ridge: [Double] {
        get { reals(.ridge) }
        set { self[.ridge] = .reals(newValue) }
    }
    /// The cell seed, 0 to 2^63 - 1.
    public var seed: [Int] {
        get { integers(.seed) }
        set { self[.seed] = .integers(newValue) }
    }

    private func extents(_ axis: Axis) -> [Extent] {
        if case .extents(let values) = self[axis] { values } else { [] }
    }

    private func integers(_ axis: Axis) -> [Int] {
        if case .integers(let values) = self[axis] { values } else { [] }
    }

    private func reals(_ axis: Axis) -> [Double] {
        if case .reals(let values) = self[axis] { values } else { [] }
    }
}

extension Cell {
    public var width: Width { grid.width[grid.numbering.position(on: .width, of: number)] }
    public var model: Model { grid.model[grid.numbering.position(on: .model, of: number)] }
    public var steps: Steps { grid.steps[grid.numbering.position(on: .steps, of: number)] }
    public var sampleSize: Int { self[.sampleSize].integer }
    public var softRatio: Double { self[.softRatio].number }
    public var teacherNoise: Double { self[.teacherNoise].number }
    public var temperature: Double { self[.temperature].number }
    public var depth: Int { self[.depth].integer }
    public var ridge: Double { self[.ridge].number }
    public var seed: Int { self[.seed].integer }
}
