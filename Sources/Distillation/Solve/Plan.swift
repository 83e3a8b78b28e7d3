import Sweep

/// Which sample sizes and right-hand sides of a block have to be solved for its wanted cells.
struct Plan {
    /// One solver's share: the positions of its sample sizes and right-hand sides, ascending.
    struct Share {
        let solver: Int
        let sizes: [Int]
        let columns: [Int]
    }

    /// By solver, ascending.
    let shares: [Share]
    /// The distinct teacher noise levels of the right-hand sides.
    let noiseLevels: [Double]

    init(_ block: Block) {
        var wanted: [Int: (sizes: Set<Int>, columns: Set<Int>)] = [:]
        for place in block.wanted.joined() {
            let (solver, size, column) = block.places[place]
            wanted[solver, default: ([], [])].sizes.insert(size)
            wanted[solver]!.columns.insert(column)
        }
        shares = wanted.sorted { $0.key < $1.key }.map { solver, parts in
            Share(solver: solver, sizes: parts.sizes.sorted(), columns: parts.columns.sorted())
        }
        let levels = shares.flatMap(\.columns).map { block.rightHandSide($0).teacherNoise }
        noiseLevels = Set(levels).sorted()
    }
}
