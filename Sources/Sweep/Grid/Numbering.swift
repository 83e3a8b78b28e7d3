/// Turns cells' numbers into positions on the axes, and back.
///
/// A class, so that each block only refers to its grid's.
package final class Numbering: Sendable {
    /// How many values each axis has.
    private let counts: [Int]
    /// For each axis, how much a cell's number grows with the next value of that axis.
    package let strides: [Int]
    /// The numbers of kernels, which are those of a sweep's blocks, and of solvers, sample sizes and right-hand
    /// sides.
    package let kernels, solvers, sizes, sides: AxisProduct
    /// The numbers of a block's cells, those that can't exist among them.
    package let rows: AxisProduct
    package let count: Int
    package let cellCount: Int
    private let exclusions: [Exclusion]

    init(_ values: [AxisValues], without impossible: [Combination]) {
        let counts = values.map(\.count)
        var strides = counts
        var stride = 1
        for axis in counts.indices.reversed() {
            strides[axis] = stride
            // The product wraps around if the grid has more cells than an integer can count. The reader of the
            // sweep file computes their number as a double and refuses such a grid.
            stride &*= counts[axis]
        }
        func product(_ role: Axis.Role) -> AxisProduct {
            AxisProduct(Axis.all(of: role), counts: counts, strides: strides)
        }
        exclusions = impossible.map { Exclusion($0, values) }
        self.counts = counts
        self.strides = strides
        count = stride
        cellCount = stride &- Exclusion.count(of: exclusions, counts)
        (kernels, solvers) = (product(.kernel), product(.solver))
        (sizes, sides) = (product(.size), product(.rightHandSide))
        rows = AxisProduct(
            Axis.allCases.filter { $0.role != .kernel }, counts: counts, strides: strides)
    }

    /// The position on an axis of a cell's value.
    package func position(on axis: Axis, of cell: Int) -> Int {
        cell / strides[axis.rawValue] % counts[axis.rawValue]
    }

    func exists(_ cell: Int) -> Bool {
        !exclusions.contains { $0.holds(cell, self) }
    }

    /// Whether the cells of this kernel and solver (numbers in `kernels` and `solvers`) exist: either those of
    /// all sizes and right-hand sides do, or none.
    func exists(kernel: Int, solver: Int) -> Bool {
        exclusions.isEmpty || exists(kernels.offset(of: kernel) + solvers.offset(of: solver))
    }
}

/// The product of some of a grid's axes, in grid order: numbers in `0 ..< count`, the last axis fastest.
package struct AxisProduct: Sendable {
    package let count: Int
    private let counts: [Int]
    private let strides: [Int]

    /// - Parameters:
    ///   - counts, strides: for each axis of the grid, as in `Numbering`.
    init(_ axes: [Axis], counts: [Int], strides: [Int]) {
        self.counts = axes.map { counts[$0.rawValue] }
        self.strides = axes.map { strides[$0.rawValue] }
        count = self.counts.reduce(1, &*)
    }

    /// What the positions that `number` stands for contribute to a cell's number.
    package func offset(of number: Int) -> Int {
        var (rest, offset) = (number, 0)
        for axis in counts.indices.reversed() {
            offset += rest % counts[axis] * strides[axis]
            rest /= counts[axis]
        }
        return offset
    }

    /// Calls `body` for each of `count` consecutive numbers from `first` on, with its index among these and its
    /// offset.
    func forEachOffset(from first: Int, count: Int, _ body: (_ index: Int, _ offset: Int) -> Void) {
        guard let last = counts.indices.last else { return body(0, 0) }
        var index = 0
        while index < count {
            let position = (first + index) % counts[last]
            let start = offset(of: first + index - position)
            let end = min(count, index + counts[last] - position)
            for next in index..<end {
                body(next, start + (position + next - index) * strides[last])
            }
            index = end
        }
    }

    /// The number that stands for a cell's positions on these axes.
    package func number(ofCell cell: Int) -> Int {
        var number = 0
        for axis in counts.indices {
            number = number * counts[axis] + cell / strides[axis] % counts[axis]
        }
        return number
    }
}
