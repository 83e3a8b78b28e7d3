import LinearAlgebra
import Sweep

/// The tangent kernel of one student over the samples: K(X, X), k(X, x) and the diagonal K(x, x).
package struct Kernel: ~Copyable {
    /// N x N; the strict upper triangle holds K(X, X), the rest is free for its factor.
    let training: Matrix
    /// N x M: k(X, x), a column for each test sample.
    let cross: Matrix
    /// K(x, x) of the N training samples, then of the M test samples.
    let diagonal: [Double]

    /// - Throws: `SolveError` if the kernel isn't finite.
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

    /// Where a kernel is written, cut into tiles of columns.
    package struct Target: Sendable {
        let training: View
        let cross: View
        let threads: Threads

        package init(training: View, cross: View, threads: Threads) {
            self.training = training
            self.cross = cross
            self.threads = threads
        }

        /// Calls `body` for tiles of at most `width` columns that together cover k(X, [X x]).
        func forEachTile(columns width: Int, _ body: (Tile) -> Void) {
            let N = training.rows
            for first in stride(from: 0, to: N, by: width) {
                let columns = first..<min(first + width, N)
                body(
                    Tile(
                        columns: columns, above: first, rows: columns.upperBound,
                        values: training[0..<columns.upperBound, columns]))
            }
            for first in stride(from: 0, to: cross.columns, by: width) {
                let columns = first..<min(first + width, cross.columns)
                body(
                    Tile(
                        columns: N + columns.lowerBound..<N + columns.upperBound, above: N, rows: N,
                        values: cross[0..<N, columns]))
            }
        }
    }

    /// Some columns of k(X, [X x]), down to the diagonal.
    struct Tile: Sendable {
        /// Columns are counted through the N training and then the M test samples.
        let columns: Range<Int>
        /// How many rows lie above the diagonal in all of the columns.
        let above: Int
        /// How many rows the tile has: those above, and in a training tile the square on the diagonal.
        let rows: Int
        /// rows x columns: where the kernel is written. Elements below the diagonal may be overwritten.
        let values: View

        /// c = alpha a^T a' over the tile, down to the diagonal: a is k x (N + M), c as `values`.
        func multiply(_ a: View, alpha: Double, into c: View) {
            LinearAlgebra.multiply(
                transposed: a[columns: 0..<above], a[columns: columns], alpha: alpha,
                into: c.top(above))
            guard above < rows else { return }
            LinearAlgebra.multiply(
                gramOf: a[columns: columns], alpha: alpha,
                intoUpper: c[above..<rows, 0..<columns.count])
        }

        /// How many rows column j of the tile has down to the diagonal, with it.
        func count(ofColumn j: Int) -> Int { min(rows, above + j + 1) }
    }
}
