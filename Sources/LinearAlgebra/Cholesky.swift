import COpenBLAS

/// A = C C^T with C lower triangular, of a symmetric positive definite A (n x n).
///
/// C is written into the lower triangle and onto the diagonal of the view that was factored; the strict upper
/// triangle stays, and with it A but for its diagonal. The factor of A's leading block is C's leading block, so one
/// factor solves for every prefix. Valid as long as the matrix that the view belongs to.
public struct Cholesky: Sendable {
    private let factor: View

    /// The order of the largest leading block that is numerically positive definite: n, or k - 1
    /// where pivot k (counted from 1) is the first bad one.
    public let rank: Int

    /// Factors the matrix whose strict upper triangle is in the view and whose diagonal is given. Cost n^3 / 3.
    ///
    /// Pivot k (counted from 1) is bad when the factorisation stops there or when
    /// C_kk^2 <= `tolerance` A_kk.
    public init(
        factoringUpper matrix: View, diagonal: [Double], tolerance: Double,
        threads: Threads = Threads(1)
    ) {
        precondition(
            matrix.rows == matrix.columns && matrix.rows == diagonal.count,
            "only a square matrix has a Cholesky factor")
        let completed = Self.factor(matrix, diagonal, threads)
        factor = matrix
        rank =
            (0..<completed).first { k in
                let pivot = matrix[k, k]
                return !(pivot * pivot > tolerance * diagonal[k])
            } ?? completed
    }

    /// - Returns: how many rows were factored before a pivot that isn't positive.
    private static func factor(_ matrix: View, _ diagonal: [Double], _ threads: Threads) -> Int {
        func compute() -> Int {
            matrix.mirrorUpperToLower(threads)
            for i in diagonal.indices { matrix[i, i] = diagonal[i] }
            var n = Int32(matrix.rows)
            var stride = Int32(matrix.stride)
            var info: Int32 = 0
            dpotrf_("L", &n, matrix.start, &stride, &info, 1)
            precondition(info >= 0, "dpotrf refused its argument \(-info)")
            return info == 0 ? matrix.rows : Int(info) - 1
        }
        var completed = 0
        let name = "factorisation \(matrix.rows)"
        Verification.verified(
            name,
            compute: {
                completed = compute()
                // That a pivot isn't positive can't be seen in the factor of the rows before it. So the factorisation
                // has to stop there twice.
                guard Verification.isOn, completed < matrix.rows else { return }
                let again = compute()
                guard again != completed else { return }
                completed = compute()
                Verification.note(
                    .init(
                        operation: name, excess: .infinity,
                        isFinal: completed < matrix.rows && completed != again))
            },
            excess: {
                diagonal.withUnsafeBufferPointer {
                    completed == 0
                        ? 0
                        : Check.factor(
                            matrix.leading(completed), of: matrix.leading(completed),
                            diagonal: $0.baseAddress!)
                }
            })
        return completed
    }

    /// b <- C_n^-1 b for the leading block of order n = b.rows <= rank. Cost n^2 s.
    public func solveLower(_ b: View) { solve(b, CblasNoTrans) }

    /// b <- C_n^-T b for the leading block of order n = b.rows <= rank. Cost n^2 s.
    public func solveLowerTransposed(_ b: View) { solve(b, CblasTrans) }

    /// Columns that are solved for in one call: b is overwritten, and so many columns of it are kept, in case that
    /// they have to be solved for once more.
    private static let panel = 512

    private func solve(_ b: View, _ orientation: CBLAS_TRANSPOSE) {
        precondition(b.rows <= rank, "\(b.rows) rows of a factor of rank \(rank)")
        guard b.rows > 0 && b.columns > 0 else { return }
        guard Verification.isOn else { return solve(once: b, orientation) }
        let (n, leading) = (b.rows, factor.leading(b.rows))
        let weights = Weights.atLeast(n)
        let w =
            orientation == CblasNoTrans
            ? Sums(ofLowerColumns: leading, weights.w, weights.ones)
            : Sums(ofLowerRows: leading, weights.w, weights.ones)
        let kept = Matrix(rows: n, columns: min(Self.panel, b.columns))
        for first in Swift.stride(from: 0, to: b.columns, by: Self.panel) {
            let panel = b[columns: first..<min(first + Self.panel, b.columns)]
            let old = kept.view[columns: 0..<panel.columns]
            let before = Sums(ofColumns: panel, copiedTo: old, weights.w, weights.ones)
            Verification.verified(
                "triangular solve \(n) x \(panel.columns)",
                compute: { solve(once: panel, orientation) },
                restore: { panel.update(from: old) },
                excess: { Check.solve(panel, factor: w, before: before) })
        }
    }

    private func solve(once b: View, _ orientation: CBLAS_TRANSPOSE) {
        cblas_dtrsm(
            CblasColMajor, CblasLeft, CblasLower, orientation, CblasNonUnit, Int32(b.rows),
            Int32(b.columns), 1, factor.start, Int32(factor.stride), b.start, Int32(b.stride))
    }

    /// The condition number in the 1-norm of the leading block of A of order n <= rank, by LAPACK's
    /// estimator (dpocon). O(n^2).
    ///
    /// It isn't verified: that would take as long as the estimate, of which nothing else depends.
    ///
    /// - Parameter norm: the 1-norm of that block of A.
    public func condition(order: Int, norm: Double) -> Double {
        precondition(order <= rank, "order \(order) of a factor of rank \(rank)")
        var n = Int32(order)
        var stride = Int32(factor.stride)
        var norm = norm
        var reciprocal = 0.0
        var info: Int32 = 0
        // A matrix, since its memory is aligned: the last digits of sums depend on where vectors begin.
        let work = Matrix(rows: 3 * order, columns: 1)
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: order) { integers in
            dpocon_(
                "L", &n, factor.start, &stride, &norm, &reciprocal, work.view.start,
                integers.baseAddress!, &info, 1)
        }
        precondition(info == 0, "dpocon refused its argument \(-info)")
        return 1 / reciprocal
    }
}
