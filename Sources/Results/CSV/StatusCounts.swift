import Sweep

/// How many cells of a sweep ended how.
public struct StatusCounts: Hashable, Sendable {
    public var ok = 0
    public var singular = 0
    public var failed = 0
    public var diverged = 0
    /// Cells that have no result yet, and so no row.
    public var missing = 0
    /// How many singular cells each sample size has; only those that have any.
    public var singularSizes: [Int: Int] = [:]
    /// How many networks are `ok` with a sharpness above `edge`, where it was asked for.
    public var atTheEdge = 0

    /// Cells that have a row.
    var ended: Int { ok + singular + failed + diverged }

    /// The sharpness above which a network's training is said to be chaotic; 1 is the edge of stability itself.
    public static let edge = 0.9

    public init(
        ok: Int = 0, singular: Int = 0, failed: Int = 0, diverged: Int = 0, missing: Int = 0,
        singularSizes: [Int: Int] = [:], atTheEdge: Int = 0
    ) {
        self.ok = ok
        self.singular = singular
        self.failed = failed
        self.diverged = diverged
        self.missing = missing
        self.singularSizes = singularSizes
        self.atTheEdge = atTheEdge
    }

    /// - Parameter sharpness: the row's; nil if it wasn't asked for.
    mutating func count(_ row: Row, of grid: Grid, sharpness: Double?) {
        switch row.status {
        case .ok:
            ok += 1
            // A linearised student's kernel stays, so its training is never chaotic.
            if let sharpness, sharpness > Self.edge, grid[row.cell].model == .network {
                atTheEdge += 1
            }
        case .singular:
            singular += 1
            singularSizes[grid[row.cell].sampleSize, default: 0] += 1
        case .failed: failed += 1
        case .diverged: diverged += 1
        }
    }

    mutating func add(_ other: StatusCounts) {
        ok += other.ok
        singular += other.singular
        failed += other.failed
        diverged += other.diverged
        missing += other.missing
        atTheEdge += other.atTheEdge
        singularSizes.merge(other.singularSizes, uniquingKeysWith: +)
    }
}

/// Cells that have failed for the same reason.
public struct FailureCount: Hashable, Sendable {
    public var reason: String
    public var cells: Int
    /// The first of them, by its number in the grid.
    public var first: Int
}

extension Store {
    /// How the cells of the sweep as run have ended, and why those failed that did, the most frequent reason first.
    ///
    /// Throws and costs what `forEachRow` does.
    public func counts() throws -> (statuses: StatusCounts, failures: [FailureCount]) {
        guard let sweep else { throw ResultsError.empty(path: path) }
        let sharpness = sweep.metrics.firstIndex(of: .sharpness)
        var statuses = StatusCounts()
        var failures: [String: FailureCount] = [:]
        try forEachRow { row in
            statuses.count(row, of: sweep.grid, sharpness: sharpness.map { row.values[$0] })
            guard row.status == .failed else { return }
            failures[
                row.error, default: FailureCount(reason: row.error, cells: 0, first: row.cell)
            ].cells += 1
        }
        statuses.missing = sweep.grid.cellCount - statuses.ended
        return (
            statuses, failures.values.sorted { ($1.cells, $0.first) < ($0.cells, $1.first) }
        )
    }
}
