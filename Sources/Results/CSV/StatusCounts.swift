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

    public init(
        ok: Int = 0, singular: Int = 0, failed: Int = 0, diverged: Int = 0, missing: Int = 0,
        singularSizes: [Int: Int] = [:]
    ) {
        self.ok = ok
        self.singular = singular
        self.failed = failed
        self.diverged = diverged
        self.missing = missing
        self.singularSizes = singularSizes
    }

    mutating func count(_ row: Row, of grid: Grid) {
        switch row.status {
        case .ok: ok += 1
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
        singularSizes.merge(other.singularSizes, uniquingKeysWith: +)
    }
}
