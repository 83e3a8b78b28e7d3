import COpenBLAS
import LinearAlgebra
import Sweep

/// The BLAS and LAPACK calls that every program needs for a block, on matrices of the block's shapes. The
/// matrices' contents are arbitrary, since they don't change the time.
struct BareBlock: ~Copyable {
    private let N: Int
    private let M: Int
    private let d: Int
    private let columns: Int
    private let sizes: [Int]
    private let depth: Int
    private let width: Int?
    /// N x N, positive definite.
    private let kernel: Matrix
    private let factor: Matrix
    /// [k(X, x) Z], N x (M + columns)
    private let sides: Matrix
    private let weights: Matrix
    private let fit: Matrix
    /// f at the test points, M x columns.
    private let logits: Matrix
    /// For a finite network: W, and two matrices of width x (N + M).
    private let layer: Matrix
    private let activations: Matrix
    private let deltas: Matrix
    private let cross: Matrix

    init(sweep: Sweep, width: Width) {
        N = sweep.settings.oracleSamples
        M = sweep.settings.testSamples
        d = sweep.dimension
        columns = sweep.block(0).rightHandSideCount
        sizes = sweep.grid.sampleSize
        depth = sweep.grid.depth[0]
        let m =
            switch width {
            case .infinite: 0
            case .finite(let width): width
            }
        self.width = m > 0 ? m : nil
        kernel = .filled(rows: N, columns: N, scale: 1)
        for i in 0..<N { kernel[i, i] = Double(N) }
        factor = Matrix(rows: N, columns: N)
        sides = .filled(rows: N, columns: M + columns, scale: 1)
        weights = .filled(rows: N, columns: columns, scale: 1)
        fit = .zeros(rows: N, columns: columns)
        logits = .zeros(rows: M, columns: columns)
        layer = .filled(rows: m, columns: max(m, d), scale: 1 / Double(m + 1))
        activations = .filled(rows: max(m, d), columns: N + M, scale: 1)
        deltas = .filled(rows: m, columns: N + M, scale: 1)
        cross = .zeros(rows: m > 0 ? N : 0, columns: M)
    }

    /// Wall time of the calls.
    func run() -> Duration {
        factor.view.update(from: kernel.view)
        return wallTime {
            if let width { network(width) }
            solve()
        }
    }

    private func solve() {
        var n = Int32(N)
        var info: Int32 = 0
        dpotrf_("L", &n, factor.view.start, &n, &info, 1)
        precondition(info == 0, "the matrix is positive definite")
        triangular(CblasNoTrans, order: N, sides.view)
        // f_n from one sample size to the next.
        let whitened = sides.view[columns: 0..<M]
        let y = sides.view[columns: M..<M + columns]
        var seen = 0
        for size in sizes {
            Bare.multiply(
                transposed: whitened[seen..<size, 0..<M], y[seen..<size, 0..<columns], beta: 1,
                into: logits.view)
            seen = size
        }
        for size in sizes { atTraining(size) }
    }

    /// alpha, K alpha and the condition number for one sample size.
    private func atTraining(_ size: Int) {
        triangular(CblasTrans, order: size, weights.view.top(size))
        Bare.multiply(
            upperOf: kernel.view.leading(size), weights.view.top(size), into: fit.view.top(size))
        var (n, stride, info) = (Int32(size), Int32(N), Int32(0))
        var reciprocal = 0.0
        var work = [Double](repeating: 0, count: 3 * size)
        var integers = [Int32](repeating: 0, count: size)
        var norm = dlansy_("1", "U", &n, kernel.view.start, &stride, &work, 1, 1)
        dpocon_(
            "L", &n, factor.view.start, &stride, &norm, &reciprocal, &work, &integers, &info, 1)
    }

    private func triangular(_ orientation: CBLAS_TRANSPOSE, order: Int, _ b: View) {
        cblas_dtrsm(
            CblasColMajor, CblasLeft, CblasLower, orientation, CblasNonUnit, Int32(order),
            Int32(b.columns), 1, factor.view.start, Int32(N), b.start, Int32(b.stride))
    }

    /// The products of the forward and backward pass, and a Gram matrix for each layer's activations
    /// and deltas.
    private func network(_ m: Int) {
        let w = layer.view[columns: 0..<m]
        Bare.multiply(
            layer.view[columns: 0..<d], activations.view.top(d), into: deltas.view)
        for _ in 1..<depth {
            Bare.multiply(w, activations.view.top(m), into: deltas.view)
            Bare.multiply(transposed: w, deltas.view, into: activations.view.top(m))
        }
        for _ in 0..<depth {
            gram(activations.view.top(m))
            gram(deltas.view)
        }
        gram(activations.view.top(d))
    }

    private func gram(_ a: View) {
        cblas_dsyrk(
            CblasColMajor, CblasUpper, CblasTrans, Int32(N), Int32(a.rows), 1e-9, a.start,
            Int32(a.stride), 1, kernel.view.start, Int32(N))
        Bare.multiply(transposed: a[columns: 0..<N], a[columns: N..<N + M], into: cross.view)
    }
}

extension Matrix {
    /// Numbers of both signs, so that no sum of them is large.
    static func filled(rows: Int, columns: Int, scale: Double) -> Matrix {
        let matrix = Matrix(rows: rows, columns: columns)
        for j in 0..<columns {
            for i in 0..<rows {
                matrix[i, j] = scale * (Double((i &* 7 &+ j &* 13) % 17) / 17 - 0.5)
            }
        }
        return matrix
    }
}
