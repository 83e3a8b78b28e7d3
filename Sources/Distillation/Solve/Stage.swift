import Sweep

/// One part of a block's work: how the kernel's equations are solved, for all sample sizes and right-hand
/// sides at once.
enum Stage: Hashable, Sendable {
    /// K + lambda I, factored once: `NestedSolve`.
    case nested(ridge: Double)

    /// Whether its students fit their targets exactly. Then each student is a projection of the one that sees
    /// more samples, which bounds how far apart the two are.
    var interpolates: Bool {
        switch self {
        case .nested(let ridge): ridge == 0
        }
    }
}

extension Block {
    /// - Parameter solver: in `0 ..< places.solvers`.
    func stage(ofSolver solver: Int) -> Stage { .nested(ridge: ridge(ofSolver: solver)) }
}
