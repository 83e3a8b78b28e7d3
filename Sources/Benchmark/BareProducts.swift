import COpenBLAS
import LinearAlgebra

/// Products by BLAS alone, as a program makes them that trusts it.
enum Bare {
    static func multiply(_ a: View, _ b: View, into c: View) {
        product(CblasNoTrans, a, CblasNoTrans, b, inner: a.columns, into: c)
    }

    static func multiply(transposed a: View, _ b: View, beta: Double = 0, into c: View) {
        product(CblasTrans, a, CblasNoTrans, b, inner: a.rows, beta: beta, into: c)
    }

    static func multiply(_ a: View, transposed b: View, into c: View) {
        product(CblasNoTrans, a, CblasTrans, b, inner: a.columns, into: c)
    }

    private static func product(
        _ first: CBLAS_TRANSPOSE, _ a: View, _ second: CBLAS_TRANSPOSE, _ b: View, inner: Int,
        beta: Double = 0, into c: View
    ) {
        cblas_dgemm(
            CblasColMajor, first, second, Int32(c.rows), Int32(c.columns), Int32(inner), 1, a.start,
            Int32(a.stride), b.start, Int32(b.stride), beta, c.start, Int32(c.stride))
    }

    static func multiply(upperOf a: View, _ b: View, into c: View) {
        cblas_dsymm(
            CblasColMajor, CblasLeft, CblasUpper, Int32(c.rows), Int32(c.columns), 1, a.start,
            Int32(a.stride), b.start, Int32(b.stride), 0, c.start, Int32(c.stride))
    }

    static func multiply(
        _ a: View, vector x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>
    ) { apply(CblasNoTrans, a, x, y) }

    static func multiply(
        transposed a: View, vector x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>
    ) { apply(CblasTrans, a, x, y) }

    private static func apply(
        _ orientation: CBLAS_TRANSPOSE, _ a: View, _ x: UnsafePointer<Double>,
        _ y: UnsafeMutablePointer<Double>
    ) {
        cblas_dgemv(
            CblasColMajor, orientation, Int32(a.rows), Int32(a.columns), 1, a.start,
            Int32(a.stride), x, 1, 0, y, 1)
    }
}
