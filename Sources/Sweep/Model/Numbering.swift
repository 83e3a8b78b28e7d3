/// Numbers of cells, and the positions on the axes that they stand for, in both directions.
///
/// A class, as each block refers to its grid's.
package final class Numbering: Sendable {
    /// By axis, how many values it has.
    private let counts: [Int]
    /// By axis, how much larger the number of a cell is that has the axis' next value and is alike in all else.
    package let strides: [Int]
    /// Kernels, in the order of a sweep's blocks; the solvers of each; its sample sizes and right-hand sides.
    package let kernels, solvers, sizes, sides: AxisProduct
    package let count: Int
    package let cellCount: Int
    private let exclusions: [Exclusion]

    init(_ values: [AxisValues], without impossible: [Combination]) {
        let counts = values.map(\.count)
        var strides = counts
        var stride = 1
        for axis in counts.indices.reversed() {
            strides[axis] = stride
            // The product wraps around for a grid of more cells than an integer counts. Its reader looks at the shape
            // first and refuses it.
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
    }

    /// Where on an axis a cell is.
    func position(on axis: Axis, of cell: Int) -> Int {
        cell / strides[axis.rawValue] % counts[axis.rawValue]
    }

    func exists(_ cell: Int) -> Bool {
        !exclusions.contains { $0.holds(cell, self) }
    }

    /// Whether there are cells of that kernel and solver, numbers in `kernels` and `solvers`: those of all sizes
    /// and right-hand sides, or none.
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
    ///   - counts, strides: by axis of the grid, as in `Numbering`.
    init(_ axes: [Axis], counts: [Int], strides: [Int]) {
        self.counts = axes.map { counts[$0.rawValue] }
        self.strides = axes.map { strides[$0.rawValue] }
        count = self.counts.reduce(1, &*)
    }

    /// What these axes' positions contribute to a cell's number.
    package func offset(of number: Int) -> Int {
        var (rest, offset) = (number, 0)
        for axis in counts.indices.reversed() {
            offset += rest % counts[axis] * strides[axis]
            rest /= counts[axis]
        }
        return offset
    }

    /// Calls `body` for each of `count` numbers from one on, with how many came before and its offset.
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

    /// The number of those positions on these axes that a cell has.
    package func number(ofCell cell: Int) -> Int {
        var number = 0
        for axis in counts.indices {
            number = number * counts[axis] + cell / strides[axis] % counts[axis]
        }
        return number
    }
}
