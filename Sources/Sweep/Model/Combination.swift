/// Values of several axes that don't go together: a cell doesn't exist whose values meet every condition.
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

    /// - Parameter conditions: on axes of kernels and solvers: of these a block has all cells or none.
    package init(_ conditions: [Axis: Condition]) {
        precondition(
            !conditions.isEmpty
                && conditions.keys.allSatisfy { [.kernel, .solver].contains($0.role) },
            "a combination is of kernels and solvers")
        self.conditions = conditions
    }

    /// All that can't be.
    static let impossible: [Combination] = []
}

/// A combination as the positions on a grid's axes at which it holds.
struct Exclusion: Sendable {
    /// By axis of the combination, whether its condition holds at a position.
    private let positions: [(axis: Axis, holds: [Bool])]

    init(_ combination: Combination, _ values: [AxisValues]) {
        positions = combination.conditions.map { axis, condition in
            (axis, values[axis.rawValue].all.map(condition.holds))
        }
    }

    func holds(_ cell: Int, _ numbering: Numbering) -> Bool {
        positions.allSatisfy { $0.holds[numbering.position(on: $0.axis, of: cell)] }
    }

    /// How many cells meet one exclusion at least, by inclusion and exclusion: those that meet some of them
    /// at once are a product again.
    ///
    /// - Parameter counts: by axis, how many values it has.
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
