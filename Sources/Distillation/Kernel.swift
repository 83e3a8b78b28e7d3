import LinearAlgebra
import Sweep

/// The tangent kernel of one student over the samples: K(X, X), k(X, x) and the diagonal K(x, x).
package struct Kernel: ~Copyable {
    /// N x N; the strict upper triangle holds K(X, X), the rest is free for its factor.
    let training: Matrix
    /// N x M: k(X, x), a column a test sample.
    let cross: Matrix
    /// K(x, x) of the N training samples, then of the M test samples.
    let diagonal: [Double]

    /// - Throws: `SolveError` where the kernel isn't finite.
    init(
        student: Student, width: Width, depth: Int, seed: Int, samples: borrowing Samples,
        threads: Threads
    ) throws(SolveError) {
        training = Matrix(rows: samples.training, columns: samples.training)
        cross = Matrix(rows: samples.training, columns: samples.test)
        let target = Target(training: training.view, cross: cross.view, threads: threads)
        switch width {
        case .infinite:
            let kernel = InfiniteKernel(student: student, depth: depth)
            diagonal = kernel.fill(target, inputs: samples.inputs.view)
        case .finite(let width):
            let network = FiniteNetwork(student: student, width: width, depth: depth, seed: seed)
            diagonal = network.fillTangentKernel(target, inputs: samples.inputs.view)
        }
        guard diagonal.allSatisfy({ $0.isFinite }) else {
            throw SolveError("the tangent kernel overflows: scale the inputs or the weights down")
        }
    }

    /// Where a kernel is written, cut into column tiles that fit in cache with their rows.
    package struct Target: Sendable {
        let training: View
        let cross: View
        let threads: Threads

        static let tileColumns = 128

        package init(training: View, cross: View, threads: Threads) {
            self.training = training
            self.cross = cross
            self.threads = threads
        }

        /// Calls `body(rows, columns, tile)` for tiles that cover k(X, [X x]): `columns` counts through
        /// the N training and the M test samples, `rows` are those at and above the diagonal, and `tile`
        /// is where their kernel goes (what lies below the diagonal may be overwritten).
        func forEachTile(_ body: (_ rows: Int, _ columns: Range<Int>, _ tile: View) -> Void) {
            let N = training.rows
            for first in stride(from: 0, to: N, by: Self.tileColumns) {
                let columns = first..<min(first + Self.tileColumns, N)
                body(columns.upperBound, columns, training[0..<columns.upperBound, columns])
            }
            for first in stride(from: 0, to: cross.columns, by: Self.tileColumns) {
                let columns = first..<min(first + Self.tileColumns, cross.columns)
                body(
                    N, N + columns.lowerBound..<N + columns.upperBound, cross[0..<N, columns])
            }
        }
    }
}

/// Why a block can't be solved, in one line.
public struct SolveError: Error, CustomStringConvertible, Sendable {
    public let description: String

    init(_ description: String) { self.description = description }
}
