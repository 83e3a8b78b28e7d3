import Sweep

/// Which sample sizes and right-hand sides of a block have to be solved for its wanted cells.
struct Plan {
    /// What one factorisation serves: the cells of one ridge. Positions of sample sizes and of right-hand sides are
    /// ascending.
    struct Share {
        let ridge: Double
        /// All that are solved or trained for.
        let sizes: [Int]
        let columns: [Int]
        /// The solver of the limits of training; nil if none is wanted.
        let limit: Int?
        /// The students that are trained for finite steps, by sample size.
        let trained: [Int: Training]

        /// What is asked of the limits: where only students at finite steps are compared with them, not how well
        /// they fit.
        func limitQuantities(_ all: Quantities) -> Quantities {
            if limit != nil { return all }
            return all.isDisjoint(with: [.limit, .oracle])
                ? all.intersection(.conditions) : all.subtracting(.residuals)
        }
    }

    /// The students of one sample size that are trained for finite steps.
    struct Training {
        let columns: Set<Int>
        /// Ascending steps, each with its solver.
        let stops: [(steps: Int, solver: Int)]
    }

    /// By ridge, ascending.
    let shares: [Share]
    /// The distinct teacher noise levels of the right-hand sides.
    let noiseLevels: [Double]

    init(_ block: Block) {
        var shares: [Double: Wanted] = [:]
        let kinds = (0..<block.places.solvers).map {
            (ridge: block.ridge(ofSolver: $0), steps: block.steps(ofSolver: $0))
        }
        for place in block.wanted.joined() {
            let (solver, size, column) = block.places[place]
            shares[kinds[solver].ridge, default: Wanted()]
                .insert(solver, kinds[solver].steps, size: size, column: column)
        }
        self.shares = shares.sorted { $0.key < $1.key }.map { $1.share(ridge: $0) }
        let levels = self.shares.flatMap(\.columns).map { block.rightHandSide($0).teacherNoise }
        noiseLevels = Set(levels).sorted()
    }

    /// What is wanted of one ridge.
    private struct Wanted {
        private var limit: Int?
        private var sizes: Set<Int> = []
        private var columns: Set<Int> = []
        private var trained: [Int: (columns: Set<Int>, stops: [Int: Int])] = [:]

        mutating func insert(_ solver: Int, _ steps: Steps, size: Int, column: Int) {
            sizes.insert(size)
            columns.insert(column)
            switch steps {
            case .infinite: limit = solver
            case .finite(let count):
                trained[size, default: ([], [:])].columns.insert(column)
                trained[size]!.stops[count] = solver
            }
        }

        func share(ridge: Double) -> Share {
            Share(
                ridge: ridge, sizes: sizes.sorted(), columns: columns.sorted(), limit: limit,
                trained: trained.mapValues { columns, stops in
                    Training(
                        columns: columns,
                        stops: stops.sorted { $0.key < $1.key }.map {
                            (steps: $0.key, solver: $0.value)
                        })
                })
        }
    }
}
