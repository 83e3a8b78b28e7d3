import Sweep

import class GRDB.Database

/// What a store has of a sweep.
public struct Stored: Sendable {
    /// The cells that need not be computed.
    public fileprivate(set) var cells: CellSet
    /// The processors that computed these cells, as far as they are known.
    public fileprivate(set) var processorTypes: Set<ProcessorType> = []
    /// How many BLAS threads computed these cells, as far as that is known.
    public fileprivate(set) var threads: Set<Int> = []
    /// The course of the sweep's seeds as far as these cells tell; nil if it follows no precision.
    public fileprivate(set) var seedCourse: SeedCourse?
}

extension Store {
    /// The cells of a sweep that need not be computed: those with a result, ok, singular or diverged, that
    /// has all of the sweep's metrics, whichever run it is from. Failed cells are tried again.
    ///
    /// A store that is only read may be too old to say which processors computed them.
    ///
    /// - Throws: `ResultsError.unusable`. Cost: about 1 us for each row of the sweep's kernels, and
    ///   a bit for each cell.
    public func stored(of sweep: Sweep) throws -> Stored {
        try access { database in
            var stored = Stored(
                cells: CellSet(cellCount: sweep.grid.count), seedCourse: SeedCourse(of: sweep))
            guard let context = try Self.context(of: sweep.settings.digest, in: database)
            else { return stored }
            var run = Run(
                id: 0, context: context, sweep: sweep, positions: GridPositions(sweep.grid))
            run.sweep.grid.seedCounts = nil
            var tasks: Set<Int> = []
            try Self.forEachOrigin(of: run, with: sweep.metrics, in: database) { task, cell in
                tasks.insert(task)
                if let cell { stored.cells.insert(cell) }
            }
            stored.processorTypes = try Self.processorTypes(of: tasks, in: database)
            stored.threads = try Self.threads(of: tasks, in: database)
            stored.seedCourse = try Self.course(of: run, in: database, from: Status.results)
            return stored
        }
    }

    /// Gives the last task of each result of a run's sweep that has these metrics, with the cell; and the tasks of which
    /// results of its kernels have others, without one.
    static func forEachOrigin(
        of run: Run, with metrics: [Metric], in database: Database,
        _ body: (_ task: Int, _ cell: Int?) -> Void
    ) throws {
        let rows = try Prepared(Schema(of: database).selectStored, in: database)
        rows.bind(Schema.mask(metrics), at: 2)
        let earlier =
            try hasTable("earlier", in: database)
            ? Prepared(Schema.selectEarlierTasks, in: database) : nil
        let kernels = try kernels(of: run.positions, context: run.context, in: database)
        for (block, kernel) in kernels.enumerated()
        where kernel != 0 && run.sweep.grid.hasBlock(block) {
            rows.bind(kernel, at: 1)
            while try rows.step() {
                guard let offset = run.positions.offset(of: rows) else { continue }
                body(
                    rows.int(Schema.rowAxes.count),
                    run.positions.firstCell(ofBlock: block) + offset)
            }
            earlier?.bind(kernel, at: 1)
            while try earlier?.step() ?? false { body(earlier!.int(0), nil) }
        }
    }

    private static func processorTypes(
        of tasks: Set<Int>, in database: Database
    ) throws -> Set<ProcessorType> {
        guard try hasColumn("processor", in: database) else { return [] }
        var types: Set<ProcessorType> = []
        let all = try Prepared("SELECT id, processor, blas FROM tasks", in: database)
        while try all.step() {
            guard tasks.contains(all.int(0)) else { continue }
            let type = ProcessorType(name: all.text(1) ?? "", blas: all.text(2) ?? "")
            if let type { types.insert(type) }
        }
        return types
    }

    private static func threads(of tasks: Set<Int>, in database: Database) throws -> Set<Int> {
        guard try hasColumn("threads", in: database) else { return [] }
        var threads: Set<Int> = []
        let all = try Prepared("SELECT id, threads FROM tasks WHERE threads > 0", in: database)
        while try all.step() {
            if tasks.contains(all.int(0)) { threads.insert(all.int(1)) }
        }
        return threads
    }

    /// Whether a table of the store has this column; an older version's may not.
    static func hasColumn(
        _ name: String, of table: String = "tasks", in database: Database
    ) throws -> Bool {
        try Int.fetchOne(
            database, sql: "SELECT count(*) FROM pragma_table_info(?) WHERE name = ?",
            arguments: [table, name]) == 1
    }

    private static func hasTable(_ name: String, in database: Database) throws -> Bool {
        try Int.fetchOne(
            database, sql: "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?",
            arguments: [name]) == 1
    }

    /// Gives the rows of the sweep as run, in grid order. A cell without a result has no row. A cell whose
    /// result lacks a metric of the sweep has none either, or a failed one if an attempt at the metric failed.
    ///
    /// All rows are as they were at one moment, even if a run stores others meanwhile.
    ///
    /// `body` must not use the store.
    ///
    /// - Throws: `ResultsError.empty` if no sweep was ever begun, `.unusable`, and what `body`
    ///   throws. Cost: 1 us a row with all metrics. Rows are gathered in slabs of at most 2^16 cells
    ///   (13 MB), or of depths x ridges x seeds cells if those are more.
    public func forEachRow(_ body: (Row) throws -> Void) throws {
        try forEachSlab { try $0.forEachRow(body) }
    }

    /// Gives the grid points of the sweep as run that have a row, seeds left out, in grid order: a
    /// point's number is that of its cells divided by the number of seeds.
    ///
    /// `body` must not use the store. Throws and costs what `forEachRow` does.
    public func forEachPoint(_ body: (_ point: Int, Summary) throws -> Void) throws {
        try forEachPoint(alongside: { _ in }, body)
    }

    /// - Parameter alongside: is given the slabs that the rows are in.
    func forEachPoint(
        alongside: (Slab) throws -> Void, _ body: (_ point: Int, Summary) throws -> Void
    ) throws {
        guard let sweep else { throw ResultsError.empty(path: path) }
        var point = 0
        var summary = Summary(of: sweep.metrics)
        var isEmpty = true
        func end() throws {
            if !isEmpty { try body(point, summary) }
            summary.removeAll()
        }
        try forEachSlab { slab in
            try alongside(slab)
            try slab.forEachRow { row in
                let own = row.cell / sweep.grid.seed.count
                if own != point { try end() }
                (point, isEmpty) = (own, false)
                summary.add(row, seed: row.cell % sweep.grid.seed.count)
            }
        }
        try end()
    }

    /// The course of a sweep's seeds, as far as its rows go; nil if it follows no precision.
    ///
    /// - Parameter statuses: of the rows that count. Cost: as of `forEachRow`.
    static func course(
        of run: Run, in database: Database, from statuses: [Status]
    ) throws -> SeedCourse? {
        guard var course = SeedCourse(of: run.sweep) else { return nil }
        var whole = run
        whole.sweep.grid.seedCounts = nil
        var reader = try SlabReader(of: whole, in: database)
        while let slab = try reader.next() {
            for index in 0..<slab.cellCount {
                guard let status = slab.status(at: index), statuses.contains(status) else {
                    continue
                }
                course.note(cell: slab.base + index, status: status) {
                    slab.value(of: $0, at: index)
                }
            }
        }
        _ = course.advance()
        return course
    }

    /// Gives the rows of `forEachRow` in the slabs in which they are gathered.
    func forEachSlab(_ body: (Slab) throws -> Void) throws {
        guard let run else { throw ResultsError.empty(path: path) }
        try access { database in
            try database.inTransaction(.deferred) {
                var reader = try SlabReader(of: run, in: database)
                while let slab = try reader.next() { try body(slab) }
                return .commit
            }
        }
    }
}

/// The rows of some consecutive cells.
struct Slab: Sendable {
    private let metricCount: Int
    /// The first cell's number.
    let base: Int
    /// Nil for a cell that has no row.
    private var statuses: [Status?]
    private var values: [Double]
    private var errors: [Int: String] = [:]

    fileprivate init(cells: Range<Int>, metricCount: Int) {
        self.metricCount = metricCount
        base = cells.lowerBound
        statuses = [Status?](repeating: nil, count: cells.count)
        values = [Double](repeating: .nan, count: cells.count * metricCount)
    }

    func forEachRow(_ body: (Row) throws -> Void) rethrows {
        try forEachRow(in: 0..<cellCount, body)
    }

    var cellCount: Int { statuses.count }

    /// Nil for a cell that has no row. Cells are counted from 0.
    func status(at index: Int) -> Status? { statuses[index] }

    /// NaN where it is undefined.
    func value(of metric: Int, at index: Int) -> Double { values[index * metricCount + metric] }

    /// Gives the rows of some of the slab's cells, which are counted from 0.
    func forEachRow(in cells: Range<Int>, _ body: (Row) throws -> Void) rethrows {
        for index in cells {
            guard let status = statuses[index] else { continue }
            let values = Array(self.values[index * metricCount..<(index + 1) * metricCount])
            let error = errors[index] ?? ""
            try body(Row(cell: base + index, status: status, values: values, error: error))
        }
    }

    /// Takes the row of a cell from a statement whose columns are those of `Schema.selectRows`.
    fileprivate mutating func read(_ rows: Prepared, cell: Int, mask: Int) {
        let first = Schema.rowAxes.count
        let code = UInt8(truncatingIfNeeded: rows.int(first))
        guard let status = Status(rawValue: code) else { return }
        let index = cell - base
        if status != .failed, rows.int(first + 1) & mask == mask {
            statuses[index] = status
            for metric in 0..<metricCount {
                values[index * metricCount + metric] = rows.double(first + 3 + metric)
            }
        } else if let error = rows.text(first + 2) {
            statuses[index] = .failed
            errors[index] = error
        }
    }
}

/// Gathers slabs in grid order, in which the rows of several kernels alternate. The store has each kernel's
/// rows together.
private struct SlabReader {
    /// The most cells of a slab: with 25 metrics they take 13 MB.
    static let cellLimit = 1 << 16

    private let grid: Grid
    private let positions: GridPositions
    private let kernels: [Int]
    private let rows: Prepared
    private let mask: Int
    private let metricCount: Int
    /// A slab is read in strips: consecutive cells that have the same values of the leading axes. These are
    /// the leading axes of rows, as far as the store has columns for them.
    private let fixed: [Axis]
    private let stripLength: Int
    /// How many blocks have cells in a strip: the product of the kernel axes that aren't leading ones.
    private let stripBlocks: Int
    private var base = 0

    init(of run: Store.Run, in database: Database) throws {
        grid = run.sweep.grid
        positions = run.positions
        kernels = try Store.kernels(of: positions, context: run.context, in: database)
        mask = Schema.mask(run.sweep.metrics)
        metricCount = run.sweep.metrics.count
        // A strip isn't made shorter than the axes after the last right-hand side's: those are axes of kernels,
        // and the rows of different kernels lie apart.
        let strides = grid.numbering.strides
        let last = Axis.all(of: .rightHandSide).last!.rawValue
        let leading = strides[...last].firstIndex { $0 <= Self.cellLimit } ?? last
        stripLength = strides[leading]
        let (fixedAxes, openAxes) = (Axis.allCases[...leading], Axis.allCases[(leading + 1)...])
        stripBlocks = openAxes.filter { $0.role == .kernel }.reduce(1) {
            $0 * run.sweep.grid[$1].count
        }
        let rowAxes = fixedAxes.filter { $0.role != .kernel }
        let schema = try Schema(of: database)
        fixed = rowAxes.filter(schema.axes.contains)
        rows = try Prepared(
            schema.selectRows(run.sweep.metrics, fixed: rowAxes.count), in: database)
    }

    /// The next slab, of as many strips as its size allows; nil at the grid's end.
    mutating func next() throws -> Slab? {
        guard base < grid.count else { return nil }
        let strips = max(1, Self.cellLimit / stripLength)
        let end = min(base + strips * stripLength, grid.count)
        defer { base = end }
        var slab = Slab(cells: base..<end, metricCount: metricCount)
        for strip in stride(from: base, to: end, by: stripLength) { try read(strip, into: &slab) }
        return slab
    }

    private func read(_ strip: Int, into slab: inout Slab) throws {
        for (index, axis) in fixed.enumerated() { rows.bind(axis, of: grid[strip], at: 2 + index) }
        let first = positions.block(ofCell: strip)
        for block in first..<first + stripBlocks where kernels[block] != 0 && grid.hasBlock(block) {
            rows.bind(kernels[block], at: 1)
            while try rows.step() {
                if let offset = positions.offset(of: rows) {
                    slab.read(rows, cell: positions.firstCell(ofBlock: block) + offset, mask: mask)
                }
            }
        }
    }
}
