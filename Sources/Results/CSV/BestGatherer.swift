import Foundation
import Sweep

/// Gathers a metric from slabs in grid order until all cells of some grid points are there. These are the cells with
/// the same values of the axes before the question's, so for `soft_ratio` few, and for `width` all of the grid's.
struct BestGatherer: Sendable {
    private let question: BestQuestion
    private let grid: Grid
    private let processors: Int
    /// The positions that are compared where they have a cell, ascending.
    private let positions: [Int]
    /// Where a row's values have the metric, and the teacher's error if students are compared with it.
    private let metric: Int
    private let teacher: Int?
    /// How far the cells of neighbouring values of the axis are apart, and how many cells a group has.
    private let stride, length: Int
    /// By number in the group, NaN where there is none.
    private var metrics: [Double] = []
    private var teachers: [Double] = []
    private var hasRow: [Bool] = []
    private var base = 0

    /// - Parameter positions: the only ones of the axis that are compared; nil: all.
    /// - Precondition: the sweep has the metric.
    init(
        _ question: BestQuestion, at positions: Set<Int>? = nil, of sweep: Sweep, processors: Int
    ) {
        self.question = question
        self.processors = processors
        grid = sweep.grid
        self.positions = question.positions(in: grid).filter { positions?.contains($0) ?? true }
        metric = sweep.metrics.firstIndex(of: question.metric)!
        teacher =
            question.comparesWithTeacher(in: sweep)
            ? sweep.metrics.firstIndex(of: .teacherError) : nil
        stride = grid.numbering.strides[question.axis.rawValue]
        length = stride * grid[question.axis].count
        forget()
    }

    private mutating func forget() {
        metrics = [Double](repeating: .nan, count: length)
        teachers = teacher == nil ? [] : metrics
        hasRow = [Bool](repeating: false, count: length)
    }

    /// Adds a slab, and returns the points that are complete with it. Slabs come in grid order. O(cells), shared by the
    /// processors but for the gathering, of some nanoseconds a cell.
    mutating func add(_ slab: Slab) -> [BestPoint] {
        var points: [BestPoint] = []
        var next = 0
        while next < slab.cellCount {
            if slab.base + next >= base + length { points += end() }
            let last = min(slab.cellCount, base + length - slab.base)
            for index in next..<last { take(index, of: slab) }
            next = last
        }
        return points
    }

    private mutating func take(_ index: Int, of slab: Slab) {
        guard let status = slab.status(at: index) else { return }
        let place = slab.base + index - base
        hasRow[place] = true
        guard status == .ok else { return }
        metrics[place] = slab.value(of: metric, at: index)
        if let teacher { teachers[place] = slab.value(of: teacher, at: index) }
    }

    /// The points gathered last. Called after the last slab too.
    mutating func end() -> [BestPoint] {
        let group = self
        let points = inParts(processors, of: stride / grid.seed.count) {
            $0.compactMap(group.point)
        }
        forget()
        base += length
        return points.flatMap { $0 }
    }

    /// A grid point of the group; nil if no cell of it has a row.
    ///
    /// - Parameter number: in the grid order of the axes after the question's, without the seed.
    private func point(_ number: Int) -> BestPoint? {
        let seeds = grid.seed.count
        func places(_ position: Int) -> Range<Int> {
            let first = position * stride + number * seeds
            return first..<first + seeds
        }
        let positions = positions.filter { grid.exists(base + places($0).lowerBound) }
        guard positions.contains(where: { hasRow[places($0)].contains(true) }) else { return nil }
        let best = Best(
            positions.map { Array(metrics[places($0)]) },
            teacher: teacher.map { _ in positions.map { Array(teachers[places($0)]) } },
            prefersLargest: question.prefersLargest)
        return BestPoint(
            cell: base + places(positions[0]).lowerBound, best: best, positions: positions)
    }
}

extension Store {
    /// Which value of an axis is best at each grid point of the sweep as run, complete or not; points without any row
    /// are left out. In grid order of the other axes.
    ///
    /// - Throws: `ResultsError.empty` if no sweep was ever begun, `.unusable`. Cost: a pass over the rows (1 us each);
    ///   memory for 8 or 16 bytes a cell of those with the same values of the axes before the question's.
    public func bestPoints(
        _ question: BestQuestion,
        processors: Int = ProcessInfo.processInfo.activeProcessorCount
    ) throws -> [BestPoint] {
        guard let sweep else { throw ResultsError.empty(path: path) }
        var gatherer = BestGatherer(question, of: sweep, processors: processors)
        var points: [BestPoint] = []
        try forEachSlab { points += gatherer.add($0) }
        return points + gatherer.end()
    }
}
