import Foundation
import LinearAlgebra

/// One kernel and one ridge, factored once for every sample size and right-hand side:
///
///     K + lambda I = C C^T,   Y = C^-1 Z,   V = C^-1 k(X, x)
///
/// The factor of the first n samples is the leading block of C, so with the first n rows of Y and V
///
///     f_n(x) = sum_{i<=n} V_i(x) Y_i,   P_n(x)^2 = K(x, x) - sum_{i<=n} V_i(x)^2
///
/// C is stored in the lower triangle of the kernel's matrix; K stays in the upper one.
struct NestedSolve: ~Copyable {
    /// lambda
    let ridge: Double
    /// How many samples can be solved for: N, or k - 1 where pivot k makes K numerically singular.
    let rank: Int
    private let cholesky: Cholesky
    /// K above the diagonal, C on and below it.
    private let matrix: View
    /// K_ii
    private let diagonal: [Double]
    /// V, rank x M; without rows if no metric needs the test points.
    let whitened: View
    /// The matrix that holds V if k(X, x) is still needed; otherwise V overwrites k(X, x).
    private let copy: Matrix?
    private let threads: Threads

    /// Whether its students fit their targets exactly. Then each student is a projection of the one that sees
    /// more samples, which bounds how far apart the two are.
    var interpolates: Bool { ridge == 0 }

    /// Factors in the kernel's own matrix, which must outlive this value. Cost N^3/3 + N^2 M.
    ///
    /// - Parameter isLast: whether nothing needs the kernel after this solve, so that k(X, x) may be overwritten.
    init(
        kernel: borrowing Kernel, ridge: Double, testPoints: Bool, isLast: Bool, threads: Threads
    ) {
        let N = kernel.training.rows
        self.ridge = ridge
        matrix = kernel.training.view
        diagonal = Array(kernel.diagonal[..<N])
        cholesky = Cholesky(
            factoringUpper: matrix, diagonal: diagonal.map { $0 + ridge },
            tolerance: Double(N) * 0x1p-52, threads: threads)
        rank = cholesky.rank
        self.threads = threads
        let cross = kernel.cross.view.top(testPoints ? rank : 0)
        if isLast || !testPoints {
            copy = nil
            whitened = cross
        } else {
            let copy = Matrix(rows: cross.rows, columns: cross.columns)
            copy.view.update(from: cross)
            whitened = copy.view
            self.copy = consume copy
        }
        cholesky.solveLower(whitened)
    }

    /// Z <- Y = C^-1 Z, for the first rank rows. Cost: rank^2 a column.
    func whiten(_ z: View) { cholesky.solveLower(z) }

    /// Y_n <- alpha_n = C_n^-T Y_n. Cost: n^2 a column.
    func weights(_ y: View) { cholesky.solveLowerTransposed(y) }

    /// fit = K_n alpha: the student with weights alpha at its own samples. Cost: 2 n^2 a column.
    func apply(to alpha: View, into fit: View) {
        let n = alpha.rows
        // The product reads K's diagonal, but C's is stored there: K's replaces it until the product is done.
        let factor = (0..<n).map { matrix[$0, $0] }
        for i in 0..<n { matrix[i, i] = diagonal[i] }
        multiply(upperOf: matrix.leading(n), alpha, into: fit)
        for i in 0..<n { matrix[i, i] = factor[i] }
    }

    /// ||K_n + lambda I|| in the 1-norm, for each of these ascending sizes. O(N^2).
    func norms(_ sizes: [Int]) -> [Double] {
        var sums = [Double](repeating: 0, count: sizes.last ?? 0)
        var first = 0
        return sizes.map { n in
            for partial in columnSums(first..<n) {
                for (i, sum) in partial.enumerated() { sums[i] += sum }
            }
            first = n
            return sums[..<n].max() ?? 0
        }
    }

    /// LAPACK's estimate of the condition number of K_n + lambda I in the 1-norm, for each of these
    /// ascending sizes. O(N^2) for the norms, O(n^2) for each estimate.
    func conditions(_ sizes: [Int]) -> [Double] {
        zip(sizes, norms(sizes)).map { cholesky.condition(order: $0, norm: $1) }
    }

    /// What the elements of these columns down to the diagonal, and their mirror images, add to the sums of
    /// absolute values of the columns of K + lambda I. An array for each thread's share.
    private func columnSums(_ columns: Range<Int>) -> [[Double]] {
        threads.shares(below: columns.count) { [matrix, diagonal, ridge] indices in
            var sums = [Double](repeating: 0, count: columns.upperBound)
            for index in indices {
                let j = columns.lowerBound + index
                let column = matrix.column(j)
                var sum = abs(diagonal[j] + ridge)
                for i in 0..<j {
                    sum += abs(column[i])
                    sums[i] += abs(column[i])
                }
                sums[j] += sum
            }
            return sums
        }
    }
}
