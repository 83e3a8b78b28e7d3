import Sweep

/// How many cells of a sweep ended how.
public struct StatusCounts: Hashable, Sendable {
    public var ok = 0
    public var singular = 0
    public var failed = 0
    /// Cells that have no result yet, and so no row.
    public var missing = 0

    public init(ok: Int = 0, singular: Int = 0, failed: Int = 0, missing: Int = 0) {
        self.ok = ok
        self.singular = singular
        self.failed = failed
        self.missing = missing
    }

    mutating func count(_ status: Status) {
        switch status {
        case .ok: ok += 1
        case .singular: singular += 1
        case .failed: failed += 1
        }
    }

    mutating func add(_ other: StatusCounts) {
        ok += other.ok
        singular += other.singular
        failed += other.failed
        missing += other.missing
    }
}
