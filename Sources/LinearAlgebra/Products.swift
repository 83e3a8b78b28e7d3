import COpenBLAS

/// c = alpha a b + beta c
///
/// Shapes: a is r x k, b k x s, c r x s. Cost 2 r k s. With beta = 0, c need not be set.
public func multiply(_ a: View, _ b: View, alpha: Double = 1, beta: Double = 0, into c: View) {
    precondition(a.rows == c.rows && a.columns == b.rows, "shapes of a product")
    product(CblasNoTrans, a, b, inner: a.columns, alpha: alpha, beta: beta, into: c)
}

/// c = alpha a^T b + beta c
///
/// Shapes: a is k x r, b k x s, c r x s. Cost 2 r k s. With beta = 0, c need not be set.
public func multiply(
    transposed a: View, _ b: View, alpha: Double = 1, beta: Double = 0, into c: View
) {
    precondition(a.columns == c.rows && a.rows == b.rows, "shapes of a product")
    product(CblasTrans, a, b, inner: a.rows, alpha: alpha, beta: beta, into: c)
}

private func product(
    _ orientation: CBLAS_TRANSPOSE, _ a: View, _ b: View, inner: Int, alpha: Double, beta: Double,
    into c: View
) {
    precondition(b.columns == c.columns, "shapes of a product")
    guard c.rows > 0 && c.columns > 0 else { return }
    cblas_dgemm(
        CblasColMajor, orientation, CblasNoTrans, Int32(c.rows), Int32(c.columns), Int32(inner),
        alpha, a.start, Int32(a.stride), b.start, Int32(b.stride), beta, c.start, Int32(c.stride))
}

/// c = alpha a^T a, of which the upper triangle, with the diagonal, is written.
///
/// Shapes: a is k x n, c n x n. Cost k n^2. c need not be set.
public func multiply(gramOf a: View, alpha: Double = 1, intoUpper c: View) {
    precondition(c.rows == c.columns && c.rows == a.columns, "shapes of a Gram matrix")
    guard c.rows > 0 else { return }
    cblas_dsyrk(
        CblasColMajor, CblasUpper, CblasTrans, Int32(c.rows), Int32(a.rows), alpha, a.start,
        Int32(a.stride), 0, c.start, Int32(c.stride))
}

/// c = A b for a symmetric A of which the upper triangle, with the diagonal, is read.
///
/// Shapes: A n x n, b and c n x s. Cost 2 n^2 s.
public func multiply(upperOf a: View, _ b: View, into c: View) {
    precondition(
        a.rows == a.columns && a.rows == b.rows && b.rows == c.rows && b.columns == c.columns,
        "shapes of a symmetric product")
    guard c.rows > 0 && c.columns > 0 else { return }
    cblas_dsymm(
        CblasColMajor, CblasLeft, CblasUpper, Int32(c.rows), Int32(c.columns), 1, a.start,
        Int32(a.stride), b.start, Int32(b.stride), 0, c.start, Int32(c.stride))
}

/// x . y of `count` elements.
public func dot(
    _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, count: Int
) -> Double {
    cblas_ddot(Int32(count), x, 1, y, 1)
}
