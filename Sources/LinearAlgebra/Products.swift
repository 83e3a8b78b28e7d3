import CElementwise
import COpenBLAS

// Products of matrices, by BLAS and verified; see `Verification`. Products with one vector are loops of ours.

/// c = alpha a b + beta c
///
/// Shapes: a is r x k, b k x s, c r x s. Cost 2 r k s. With beta = 0, c need not be set.
public func multiply(_ a: View, _ b: View, alpha: Double = 1, beta: Double = 0, into c: View) {
    precondition(a.rows == c.rows && a.columns == b.rows, "shapes of a product")
    precondition(b.columns == c.columns, "shapes of a product")
    gemm(Factor(a), Factor(b), alpha: alpha, beta: beta, into: c)
}

/// c = alpha a^T b + beta c
///
/// Shapes: a is k x r, b k x s, c r x s. Cost 2 r k s. With beta = 0, c need not be set.
public func multiply(
    transposed a: View, _ b: View, alpha: Double = 1, beta: Double = 0, into c: View
) {
    precondition(a.columns == c.rows && a.rows == b.rows, "shapes of a product")
    precondition(b.columns == c.columns, "shapes of a product")
    gemm(Factor(transposed: a), Factor(b), alpha: alpha, beta: beta, into: c)
}

/// c = alpha a b^T + beta c
///
/// Shapes: a is r x k, b s x k, c r x s. Cost 2 r k s. With beta = 0, c need not be set.
public func multiply(
    _ a: View, transposed b: View, alpha: Double = 1, beta: Double = 0, into c: View
) {
    precondition(
        a.rows == c.rows && a.columns == b.columns && b.rows == c.columns, "shapes of a product")
    gemm(Factor(a), Factor(transposed: b), alpha: alpha, beta: beta, into: c)
}

/// A factor of a product: a matrix, or its transpose.
private struct Factor {
    let view: View
    let orientation: CBLAS_TRANSPOSE

    init(_ view: View) { (self.view, orientation) = (view, CblasNoTrans) }
    init(transposed view: View) { (self.view, orientation) = (view, CblasTrans) }

    var rows: Int { orientation == CblasNoTrans ? view.rows : view.columns }
    var columns: Int { orientation == CblasNoTrans ? view.columns : view.rows }

    /// w^T times it, a sum for each of its columns.
    func sums(_ w: UnsafePointer<Double>, _ s: UnsafePointer<Double>) -> Sums {
        orientation == CblasNoTrans
            ? Sums(ofColumns: view, w, s) : Sums(ofRows: view, w, s)
    }
}

private func gemm(
    _ a: Factor, _ b: Factor, alpha: Double, beta: Double, into c: View
) {
    guard c.rows > 0 && c.columns > 0 else { return }
    func compute() {
        cblas_dgemm(
            CblasColMajor, a.orientation, b.orientation, Int32(c.rows), Int32(c.columns),
            Int32(a.columns), alpha, a.view.start, Int32(a.view.stride), b.view.start,
            Int32(b.view.stride), beta, c.start, Int32(c.stride))
    }
    guard Verification.isOn else { return compute() }
    let weights = Weights.atLeast(max(a.rows, a.columns))
    let name = { "product \(c.rows) x \(a.columns) x \(c.columns)" }
    func sums() -> Sums {
        let first = a.sums(weights.w, weights.ones)
        return b.sums(first.dots, first.sizes)
    }
    guard beta != 0 else {
        return Verification.verified(name(), compute: compute) {
            Check.product(c, sums(), alpha: alpha, inner: a.columns)
        }
    }
    let old = Matrix(rows: c.rows, columns: c.columns)
    let before = Sums(ofColumns: c, copiedTo: old.view, weights.w, weights.ones)
    Verification.verified(name(), compute: compute, restore: { c.update(from: old.view) }) {
        Check.product(
            c, sums(), alpha: alpha, inner: a.columns, beta: beta, before: before)
    }
}

/// y = alpha a x + beta y
///
/// Shapes: a is r x k, x k, y r. Cost 2 r k. With beta = 0, y need not be set.
public func multiply(
    _ a: View, vector x: UnsafePointer<Double>, alpha: Double = 1, beta: Double = 0,
    into y: UnsafeMutablePointer<Double>
) {
    loops_rows(a.start, a.stride, a.rows, a.columns, x, alpha, beta, y)
}

/// y = alpha a^T x + beta y
///
/// Shapes: a is k x r, x k, y r. Cost 2 r k. With beta = 0, y need not be set.
public func multiply(
    transposed a: View, vector x: UnsafePointer<Double>, alpha: Double = 1, beta: Double = 0,
    into y: UnsafeMutablePointer<Double>
) {
    loops_columns(a.start, a.stride, a.rows, a.columns, x, alpha, beta, y)
}

/// c = alpha a^T a, of which the upper triangle, with the diagonal, is written.
///
/// Shapes: a is k x n, c n x n. Cost k n^2. c need not be set.
public func multiply(gramOf a: View, alpha: Double = 1, intoUpper c: View) {
    precondition(c.rows == c.columns && c.rows == a.columns, "shapes of a Gram matrix")
    syrk(Factor(transposed: a), alpha: alpha, intoUpper: c)
}

/// c = alpha a a^T, of which the upper triangle, with the diagonal, is written.
///
/// Shapes: a is n x k, c n x n. Cost k n^2. c need not be set.
public func multiply(rowGramOf a: View, alpha: Double = 1, intoUpper c: View) {
    precondition(c.rows == c.columns && c.rows == a.rows, "shapes of a Gram matrix")
    syrk(Factor(a), alpha: alpha, intoUpper: c)
}

/// c = alpha a a^T
private func syrk(_ a: Factor, alpha: Double, intoUpper c: View) {
    guard c.rows > 0 else { return }
    Verification.verified(
        "Gram product \(c.rows) x \(a.columns)",
        compute: {
            cblas_dsyrk(
                CblasColMajor, CblasUpper, a.orientation, Int32(c.rows), Int32(a.columns), alpha,
                a.view.start, Int32(a.view.stride), 0, c.start, Int32(c.stride))
        },
        excess: {
            let weights = Weights.atLeast(c.rows)
            let first = a.sums(weights.w, weights.ones)
            let transposed =
                a.orientation == CblasNoTrans ? Factor(transposed: a.view) : Factor(a.view)
            return Check.symmetric(
                c, transposed.sums(first.dots, first.sizes), alpha: alpha, inner: a.columns)
        })
}

/// c = A b for a symmetric A of which the upper triangle, with the diagonal, is read.
///
/// Shapes: A n x n, b and c n x s. Cost 2 n^2 s.
public func multiply(upperOf a: View, _ b: View, into c: View) {
    precondition(
        a.rows == a.columns && a.rows == b.rows && b.rows == c.rows && b.columns == c.columns,
        "shapes of a symmetric product")
    Symmetric(upperOf: a).multiply(b, into: c)
}

/// x . y of `count` elements.
public func dot(
    _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, count: Int
) -> Double {
    loops_dot(x, y, count)
}

/// y += alpha x, of `count` elements.
public func add(
    _ alpha: Double, _ x: UnsafePointer<Double>, to y: UnsafeMutablePointer<Double>, count: Int
) {
    loops_add(alpha, x, y, count)
}

/// |x - y| of `count` elements.
public func distance(
    _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, count: Int
) -> Double {
    var sum = 0.0
    for i in 0..<count { sum += (x[i] - y[i]) * (x[i] - y[i]) }
    return sum.squareRoot()
}
