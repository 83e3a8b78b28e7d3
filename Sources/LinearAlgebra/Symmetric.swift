import COpenBLAS

/// A symmetric matrix that several matrices are multiplied with: what the checks need of it is summed once, so that
/// a product with few columns is verified at little cost. Valid as long as the matrix that the view belongs to, and
/// only while that doesn't change.
public final class Symmetric {
    private let matrix: View
    /// Whether only the upper triangle, with the diagonal, is there.
    private let isUpper: Bool
    private let sums: Sums

    /// A matrix of which the upper triangle, with the diagonal, is read. O(n^2).
    public init(upperOf matrix: View) {
        (self.matrix, isUpper) = (matrix, true)
        let weights = Weights.atLeast(matrix.rows)
        sums =
            Verification.isOn
            ? Sums(
                ofSymmetric: matrix, diagonal: matrix.start, step: matrix.stride + 1, weights.w,
                weights.ones) : Sums(count: 0)
    }

    /// A matrix of which both triangles are there. O(n^2).
    public init(whole matrix: View) {
        (self.matrix, isUpper) = (matrix, false)
        let weights = Weights.atLeast(matrix.rows)
        sums =
            Verification.isOn
            ? Sums(ofColumns: matrix, weights.w, weights.ones) : Sums(count: 0)
    }

    /// c = A b
    ///
    /// Shapes: A n x n, b and c n x s. Cost 2 n^2 s.
    public func multiply(_ b: View, into c: View) {
        guard c.rows > 0 && c.columns > 0 else { return }
        let (n, s) = (Int32(c.rows), Int32(c.columns))
        Verification.verified(
            "symmetric product \(c.rows) x \(c.columns)",
            compute: {
                if isUpper {
                    cblas_dsymm(
                        CblasColMajor, CblasLeft, CblasUpper, n, s, 1, matrix.start,
                        Int32(matrix.stride), b.start, Int32(b.stride), 0, c.start, Int32(c.stride))
                } else {
                    cblas_dgemm(
                        CblasColMajor, CblasNoTrans, CblasNoTrans, n, s, n, 1, matrix.start,
                        Int32(matrix.stride), b.start, Int32(b.stride), 0, c.start, Int32(c.stride))
                }
            },
            excess: {
                Check.product(
                    c, Sums(ofColumns: b, sums.dots, sums.sizes), alpha: 1, inner: c.rows)
            })
    }
}
