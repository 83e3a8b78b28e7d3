/// How many seeds each family of a sweep gets, from its results: rows go in, and seeds come out (theory.md, section 9).
///
/// A family begins with k = `atLeast` seeds. Once every cell of these has ended,
///
///     w = max over grid points and targets of sem / precision,
///
/// where the metric is defined in two seeds or more. If w > 1 and k is below the most that there may be, then
///
///     k <- min(most, max(k + 1, ceil(k min(w^2, 4)))),
///
/// since a standard error falls as 1 / sqrt(k); and so on. So it follows from the rows alone, in whatever order they
/// come, and a family's course doesn't depend on another's.
public struct SeedCourse: Sendable {
    /// What is known of a family, which is one number of the grid's (width, model, depth).
    public struct Family: Sendable {
        /// k, how many seeds it has.
        public fileprivate(set) var seeds: Int
        /// Whether it gets no more.
        public fileprivate(set) var isSettled = false
        /// The standard error that was farthest from its target when k was chosen, or when it turned out that k is
        /// enough; nil before, and if no grid point has a standard error.
        public fileprivate(set) var worst: Worst?
        /// How many seeds it is of.
        fileprivate var seedsOfWorst = 0
        /// By seed; nil for one of which no row has come.
        fileprivate var results: [Results?]
    }

    public struct Worst: Sendable {
        /// A cell of the grid point.
        public var cell: Int
        public var target: Precision.Target
        public var error: Double

        /// w
        public var ratio: Double { error / target.error }
    }

    /// A seed's rows.
    fileprivate struct Results: Sendable {
        /// How many of its cells have no row yet.
        var missing: Int
        /// For each target, the metric by the cell's place; NaN where it is undefined or the cell isn't ok.
        var values: [[Double]]
        var hasRow: [Bool]
    }

    private let precision: Precision
    public private(set) var families: [Family]
    /// Families of which another seed has all its rows since the last `advance`: only their numbers can have changed.
    private var fuller: Set<Int> = []
    private let grid: Grid
    /// Where a row's values have each target's metric.
    private let columns: [Int]

    /// The course before any result; nil if the sweep's seeds don't follow a precision.
    public init?(of sweep: Sweep) {
        guard let precision = sweep.precision else { return nil }
        let grid = sweep.grid
        self.precision = precision
        self.grid = grid
        columns = precision.targets.map { sweep.metrics.firstIndex(of: $0.metric)! }
        families = (0..<grid.familyCount).map { family in
            // A family may have no cell at all, as networks of infinite width have none.
            Family(
                seeds: precision.atLeast, isSettled: grid.cellCount(ofSeedIn: family) == 0,
                results: Array(repeating: nil, count: grid.seed.count))
        }
    }

    /// How many seeds each family has, by its number.
    public var counts: [Int] { families.map(\.seeds) }

    /// A cell has ended. A second row of a cell replaces the first, until the family is settled. O(targets).
    ///
    /// - Parameter value: of a metric of the sweep, by its position.
    package mutating func note(cell: Int, status: Status, value: (Int) -> Double) {
        let (family, seed) = grid.familyAndSeed(ofCell: cell)
        guard !families[family].isSettled else { return }
        let place = grid.numbering.rows.number(ofCell: cell)
        var results =
            families[family].results[seed] ?? Results(of: grid, family, targets: columns.count)
        families[family].results[seed] = nil
        if !results.hasRow[place] { results.missing -= 1 }
        results.hasRow[place] = true
        if results.missing == 0 { fuller.insert(family) }
        for (target, column) in columns.enumerated() {
            results.values[target][place] = status == .ok ? value(column) : .nan
        }
        families[family].results[seed] = results
    }

    public mutating func note(_ row: Row) {
        note(cell: row.cell, status: row.status) { row.values[$0] }
    }

    /// Counts anew the seeds of families all of whose cells have ended.
    ///
    /// - Returns: the new seeds: families, each with positions on the axis.
    ///   Cost: for each such family O(grid points x seeds).
    public mutating func advance() -> [(family: Int, seeds: Range<Int>)] {
        var grown: [(family: Int, seeds: Range<Int>)] = []
        for family in fuller.sorted() {
            let before = families[family].seeds
            while !families[family].isSettled, families[family].isComplete { count(family) }
            let seeds = families[family].seeds
            if seeds > before { grown.append((family, before..<seeds)) }
        }
        fuller = []
        return grown
    }

    private mutating func count(_ family: Int) {
        let seeds = families[family].seeds
        families[family].worst = worst(of: family)
        families[family].seedsOfWorst = seeds
        guard let ratio = families[family].worst?.ratio, ratio > 1, seeds < grid.seed.count else {
            families[family].isSettled = true
            // They aren't looked at again.
            families[family].results = []
            return
        }
        families[family].seeds = min(
            grid.seed.count, max(seeds + 1, Self.wished(seeds, min(ratio * ratio, 4))))
    }

    private static func wished(_ seeds: Int, _ factor: Double) -> Int {
        Int(min((Double(seeds) * factor).rounded(.up), 1e15))
    }

    /// The standard error that is farthest from its target, over the family's grid points; of equals the first.
    private func worst(of family: Int) -> Worst? {
        let results = families[family].results[..<families[family].seeds].map { $0! }
        var worst: Worst?
        for (number, target) in precision.targets.enumerated() {
            for place in results[0].hasRow.indices {
                let values = results.compactMap { results in
                    let value = results.values[number][place]
                    return value.isNaN ? nil : value
                }
                guard values.count > 1 else { continue }
                // An exact sum costs far more, so it is made only for a point that may be the worst.
                let least = (worst?.ratio ?? 0) * target.error
                guard Self.roughError(values) >= least * (1 - 1e-9) else { continue }
                let error = Estimate(exactly: values).error
                guard worst.map({ error / target.error > $0.ratio }) ?? true else { continue }
                let cell =
                    grid.firstCell(ofFamily: family) + grid.numbering.rows.offset(of: place)
                worst = Worst(cell: cell, target: target, error: error)
            }
        }
        return worst
    }

    private static func roughError(_ values: [Double]) -> Double {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / (count - 1) / count).squareRoot()
    }

    // MARK: What is expected

    /// How many seeds each family is expected to get in the end: if its standard errors go on falling as 1 / sqrt(k).
    /// A family of which nothing is known yet is taken to need as many as the others on average. Nil if nothing is
    /// known of any.
    public var expectedCounts: [Int]? {
        let known = families.map { family in
            family.worst == nil ? nil : expectedSeeds(of: family)
        }
        let sums = known.compactMap { $0 }
        guard !sums.isEmpty else { return nil }
        let average = sums.reduce(0, +) / sums.count
        return zip(known, families).map { expected, family in
            expected ?? (family.isSettled ? family.seeds : max(family.seeds, average))
        }
    }

    /// Of a family of which something is known.
    private func expectedSeeds(of family: Family) -> Int {
        guard !family.isSettled else { return family.seeds }
        let ratio = family.worst!.ratio
        let wished = Self.wished(family.seedsOfWorst, ratio * ratio)
        return min(grid.seed.count, max(family.seeds, wished))
    }

    /// Whether no family gets more.
    public var isSettled: Bool { families.allSatisfy(\.isSettled) }

    /// Families that have all the seeds that there may be, and are not known as well as asked for.
    public var unreached: [Family] {
        families.filter { $0.isSettled && $0.seeds == grid.seed.count && $0.worst?.ratio ?? 0 > 1 }
    }
}

extension SeedCourse.Family {
    fileprivate var isComplete: Bool {
        results[..<seeds].allSatisfy { $0?.missing == 0 }
    }
}

extension SeedCourse.Results {
    fileprivate init(of grid: Grid, _ family: Int, targets: Int) {
        let places = grid.numbering.rows.count
        missing = grid.cellCount(ofSeedIn: family)
        values = Array(repeating: Array(repeating: .nan, count: places), count: targets)
        hasRow = Array(repeating: false, count: places)
    }
}
