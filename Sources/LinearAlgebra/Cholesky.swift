import COpenBLAS

/// A = C C^T with C lower triangular, of a symmetric positive definite A (n x n).
///
/// C overwrites the lower triangle and the diagonal of the view that was factored; the strict upper
/// triangle is left alone, so A can stay there. The factor of A's leading block is C's leading block,
/// so one factor solves for every prefix. Valid as long as the matrix that the view belongs to.
public struct Cholesky: Sendable {
    private let factor: View

    /// The order of the largest leading block that is numerically positive definite: n, or k - 1
    /// where pivot k (counted from 1) is the first bad one.
    public let rank: Int

    /// Factors in place, reading the lower triangle and the diagonal. Cost n^3 / 3.
    ///
    /// Pivot k (counted from 1) is bad when the factorisation stops there or when
    /// C_kk^2 <= `tolerance` A_kk.
    public init(factoring matrix: View, tolerance: Double) {
        precondition(matrix.rows == matrix.columns, "only a square matrix has a Cholesky factor")
        let diagonal = (0..<matrix.rows).map { matrix[$0, $0] }
        var n = Int32(matrix.rows)
        var stride = Int32(matrix.stride)
        var info: Int32 = 0
        dpotrf_("L", &n, matrix.start, &stride, &info, 1)
        precondition(info >= 0, "dpotrf refused its argument \(-info)")
        let completed = info == 0 ? matrix.rows : Int(info) - 1
        factor = matrix
        rank =
            (0..<completed).first { k in
                let pivot = matrix[k, k]
                return !(pivot * pivot > tolerance * diagonal[k])
            } ?? completed
    }

    /// b <- C_n^-1 b for the leading block of order n = b.rows <= rank. Cost n^2 s.
    public func solveLower(_ b: View) { solve(b, CblasNoTrans) }

    /// b <- C_n^-T b for the leading block of order n = b.rows <= rank. Cost n^2 s.
    public func solveLowerTransposed(_ b: View) { solve(b, CblasTrans) }

    private func solve(_ b: View, _ orientation: CBLAS_TRANSPOSE) {
        precondition(b.rows <= rank, "\(b.rows) rows of a factor of rank \(rank)")
        guard b.rows > 0 && b.columns > 0 else { return }
        cblas_dtrsm(
            CblasColMajor, CblasLeft, CblasLower, orientation, CblasNonUnit, Int32(b.rows),
            Int32(b.columns), 1, factor.start, Int32(factor.stride), b.start, Int32(b.stride))
    }

    /// The condition number in the 1-norm of the leading block of A of order n <= rank, by LAPACK's
    /// estimator (dpocon). O(n^2).
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
