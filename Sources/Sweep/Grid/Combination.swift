/// Values of several axes that don't go together: a cell whose values meet every condition doesn't exist.
package struct Combination: Hashable, Sendable {
    package enum Condition: Hashable, Sendable {
        case among([AxisValue])
        case above(Double)
        case finite

        func holds(_ value: AxisValue) -> Bool {
            switch self {
            case .among(let values): values.contains(value)
            case .above(let bound): value.number > bound
            case .finite: value.number.isFinite
            }
        }
    }

    let conditions: [Axis: Condition]
    /// Why there is no such cell, as a sentence's end: `a network needs a finite width`.
    let reason: String

    /// - Parameters:
    ///   - conditions: only on axes of kernels and solvers, so that of each kernel and solver either all
    ///     cells exist or none.
    ///   - reason: as in the property.
    package init(_ conditions: [Axis: Condition], because reason: String) {
        precondition(
            !conditions.isEmpty
                && conditions.keys.allSatisfy { [.kernel, .solver].contains($0.role) },
            "a combination has conditions on kernels and solvers only")
        self.conditions = conditions
        self.reason = reason
    }

    /// All combinations that don't go together: a network has finitely many weights, and is never at the end of
    /// its training; and training minimises the loss without a ridge.
    static let impossible = [
        Combination(
            [.model: .among([.model(.network)]), .width: .among([.infinite])],
            because: "a network needs a finite width"),
        Combination(
            [.model: .among([.model(.network)]), .steps: .among([.infinite])],
            because: "a network needs finite steps"),
        Combination(
            [.steps: .finite, .ridge: .above(0)],
            because: "a ridge above 0 needs steps: inf"),
    ]
}

/// A combination in terms of one grid: at which positions on the grid's axes its conditions hold.
struct Exclusion: Sendable {
    /// For each axis of the combination, whether its condition holds, by position.
    private let positions: [(axis: Axis, holds: [Bool])]
    let reason: String

    init(_ combination: Combination, _ values: [AxisValues]) {
        positions = combination.conditions.map { axis, condition in
            (axis, values[axis.rawValue].all.map(condition.holds))
        }
        reason = combination.reason
    }

    var axes: [Axis] { positions.map(\.axis) }

    /// Whether its condition on an axis holds at a position; true if it has none.
    func holds(_ axis: Axis, at position: Int) -> Bool {
        positions.first { $0.axis == axis }?.holds[position] ?? true
    }

    /// Whether its conditions hold everywhere but on this axis.
    func holds(wherever axis: Axis) -> Bool {
        positions.allSatisfy { $0.axis == axis || !$0.holds.contains(false) }
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

extension Grid {
    /// The values that are in no cell, each with the reasons that leave it none: those that do so alone, if there
    /// are any. O(values).
    package func idleValues() -> [(axis: Axis, value: AxisValue, reasons: [String])] {
        let exclusions = impossible.map { Exclusion($0, Axis.allCases.map { self[$0] }) }
        let axes = Axis.allCases.filter { axis in exclusions.contains { $0.axes.contains(axis) } }
        func pattern(_ axis: Axis, _ position: Int) -> [Bool] {
            exclusions.map { $0.holds(axis, at: position) }
        }
        // Values of an axis at which the same conditions hold are in equally many cells, so one of each kind
        // stands for all.
        let kinds = axes.map { axis in
            (axis, Set(self[axis].indices.map { pattern(axis, $0) }))
        }
        func isInACell(_ held: [Bool], without rest: ArraySlice<(Axis, Set<[Bool]>)>) -> Bool {
            guard let (_, choices) = rest.first else { return !held.contains(true) }
            return choices.contains { choice in
                isInACell(zip(held, choice).map { $0 && $1 }, without: rest.dropFirst())
            }
        }
        return axes.flatMap { axis in
            self[axis].indices.compactMap { position in
                let held = pattern(axis, position)
                let others = kinds.filter { $0.0 != axis }
                let reasons = exclusions.indices.filter {
                    held[$0] && exclusions[$0].axes.contains(axis)
                }
                // Without a reason of its own a value is idle as another one is, which is said.
                guard !reasons.isEmpty, !isInACell(held, without: others[...]) else { return nil }
                let enough = reasons.filter { exclusions[$0].holds(wherever: axis) }
                return (
                    axis, self[axis][position],
                    (enough.isEmpty ? reasons : enough).map { exclusions[$0].reason }
                )
            }
        }
    }
}
