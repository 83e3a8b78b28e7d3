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

/// c = alpha a b^T + beta c
///
/// Shapes: a is r x k, b s x k, c r x s. Cost 2 r k s. With beta = 0, c need not be set.
public func multiply(
    _ a: View, transposed b: View, alpha: Double = 1, beta: Double = 0, into c: View
) {
    precondition(
        a.rows == c.rows && a.columns == b.columns && b.rows == c.columns, "shapes of a product")
    gemm(CblasNoTrans, CblasTrans, a, b, inner: a.columns, alpha: alpha, beta: beta, into: c)
}

private func product(
    _ orientation: CBLAS_TRANSPOSE, _ a: View, _ b: View, inner: Int, alpha: Double, beta: Double,
    into c: View
) {
    precondition(b.columns == c.columns, "shapes of a product")
    gemm(orientation, CblasNoTrans, a, b, inner: inner, alpha: alpha, beta: beta, into: c)
}

private func gemm(
    _ first: CBLAS_TRANSPOSE, _ second: CBLAS_TRANSPOSE, _ a: View, _ b: View, inner: Int,
    alpha: Double, beta: Double, into c: View
) {
    guard c.rows > 0 && c.columns > 0 else { return }
    cblas_dgemm(
        CblasColMajor, first, second, Int32(c.rows), Int32(c.columns), Int32(inner),
        alpha, a.start, Int32(a.stride), b.start, Int32(b.stride), beta, c.start, Int32(c.stride))
}

/// y = alpha a x + beta y
///
/// Shapes: a is r x k, x k, y r. Cost 2 r k. With beta = 0, y need not be set.
public func multiply(
    _ a: View, vector x: UnsafePointer<Double>, alpha: Double = 1, beta: Double = 0,
    into y: UnsafeMutablePointer<Double>
) {
    gemv(CblasNoTrans, a, x, alpha: alpha, beta: beta, into: y)
}

/// y = alpha a^T x + beta y
///
/// Shapes: a is k x r, x k, y r. Cost 2 r k. With beta = 0, y need not be set.
public func multiply(
    transposed a: View, vector x: UnsafePointer<Double>, alpha: Double = 1, beta: Double = 0,
    into y: UnsafeMutablePointer<Double>
) {
    gemv(CblasTrans, a, x, alpha: alpha, beta: beta, into: y)
}

private func gemv(
    _ orientation: CBLAS_TRANSPOSE, _ a: View, _ x: UnsafePointer<Double>, alpha: Double,
    beta: Double, into y: UnsafeMutablePointer<Double>
) {
    cblas_dgemv(
        CblasColMajor, orientation, Int32(a.rows), Int32(a.columns), alpha, a.start,
        Int32(a.stride), x, 1, beta, y, 1)
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

/// c = alpha a a^T, of which the upper triangle, with the diagonal, is written.
///
/// Shapes: a is n x k, c n x n. Cost k n^2. c need not be set.
public func multiply(rowGramOf a: View, alpha: Double = 1, intoUpper c: View) {
    precondition(c.rows == c.columns && c.rows == a.rows, "shapes of a Gram matrix")
    guard c.rows > 0 else { return }
    cblas_dsyrk(
        CblasColMajor, CblasUpper, CblasNoTrans, Int32(c.rows), Int32(a.columns), alpha, a.start,
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

/// y += alpha x, of `count` elements.
public func add(
    _ alpha: Double, _ x: UnsafePointer<Double>, to y: UnsafeMutablePointer<Double>, count: Int
) {
    cblas_daxpy(Int32(count), alpha, x, 1, y, 1)
}

/// |x - y| of `count` elements.
public func distance(
    _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, count: Int
) -> Double {
    var sum = 0.0
    for i in 0..<count { sum += (x[i] - y[i]) * (x[i] - y[i]) }
    return sum.squareRoot()
}
