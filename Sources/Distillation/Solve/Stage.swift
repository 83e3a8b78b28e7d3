import Sweep

/// One part of a block's work: how the equations of its kernel are solved, for all of its sample sizes and
/// right-hand sides at once.
enum Stage: Hashable, Sendable {
    /// K + lambda I, factored once: `NestedSolve`.
    case nested(ridge: Double)

    /// Whether its students pass through what they are asked for. Then each is the projection of the one that
    /// sees more samples, and there are bounds on how far apart the two are.
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
