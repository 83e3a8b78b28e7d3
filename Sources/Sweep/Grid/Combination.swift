/// Values of several axes that don't go together: a cell whose values meet every condition doesn't exist.
package struct Combination: Hashable, Sendable {
    package enum Condition: Hashable, Sendable {
        case among([AxisValue])
        case above(Double)

        func holds(_ value: AxisValue) -> Bool {
            switch self {
            case .among(let values): values.contains(value)
            case .above(let bound): value.number > bound
            }
        }
    }

    let conditions: [Axis: Condition]

    /// - Parameter conditions: only on axes of kernels and solvers, so that of each kernel and solver either all
    ///   cells exist or none.
    package init(_ conditions: [Axis: Condition]) {
        precondition(
            !conditions.isEmpty
                && conditions.keys.allSatisfy { [.kernel, .solver].contains($0.role) },
            "a combination has conditions on kernels and solvers only")
        self.conditions = conditions
    }

    /// All combinations that don't go together: none so far.
    static let impossible: [Combination] = []
}

/// A combination in terms of one grid: at which positions on the grid's axes its conditions hold.
struct Exclusion: Sendable {
    /// For each axis of the combination, whether its condition holds, by position.
    private let positions: [(axis: Axis, holds: [Bool])]

    init(_ combination: Combination, _ values: [AxisValues]) {
        positions = combination.conditions.map { axis, condition in
            (axis, values[axis.rawValue].all.map(condition.holds))
        }
    }

    func holds(_ cell: Int, _ numbering: Numbering) -> Bool {
        positions.allSatisfy { $0.holds[numbering.position(on: $0.axis, of: cell)] }
    }

    /// How many cells at least one exclusion holds for, by the principle of inclusion and exclusion: the cells
    /// for which several hold at once are a product of positions again, and so are counted easily.
    ///
    /// - Parameter counts: how many values each axis has.
    static func count(of exclusions: [Exclusion], _ counts: [Int]) -> Int {
        var sum = 0
        for chosen in 1..<max(1, 1 << exclusions.count) {
            let together = exclusions.indices.filter { chosen >> $0 & 1 == 1 }.map {
                exclusions[$0]
            }
            sum += (together.count % 2 == 1 ? 1 : -1) * intersection(of: together, counts)
        }
        return sum
    }

    private static func intersection(of exclusions: [Exclusion], _ counts: [Int]) -> Int {
        Axis.allCases.reduce(1) { product, axis in
            let conditions = exclusions.flatMap {
                $0.positions.filter { $0.axis == axis }.map(\.holds)
            }
            return product
                * (0..<counts[axis.rawValue]).count { position in
                    conditions.allSatisfy { $0[position] }
                }
        }
    }
}
