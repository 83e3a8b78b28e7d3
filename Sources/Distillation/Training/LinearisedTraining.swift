import CElementwise
import LinearAlgebra
import Sweep

/// Linearised students of one sample size in training, a column for each objective: f = Delta . phi with
/// Delta = Phi_n a, so that a step is
///
///     v <- mu v + g,   a <- a - r/n v,   u = K_n a
///
/// with u the students at their samples and g the derivatives of their losses.
final class LinearisedTraining {
    /// n
    private let samples: Int
    /// K_n
    private let kernel: Symmetric
    private let objectives: [Objective]
    private let rates: [Double]
    private let momentum: Double
    private let threads: Threads
    /// a, v and u: n x c.
    private let a, v, u: Matrix

    var weights: View { a.view }
    /// f at the training samples.
    var fit: View { u.view }

    /// - Parameters:
    ///   - kernel: K_n, the whole matrix.
    ///   - norm: ||K_n||
    init(
        kernel: View, norm: Double, objectives: [Objective], training: Training, threads: Threads
    ) {
        samples = kernel.rows
        self.kernel = Symmetric(whole: kernel)
        self.objectives = objectives
        rates = objectives.map { $0.rate(training, norm: norm) }
        momentum = training.momentum
        self.threads = threads
        a = .zeros(rows: kernel.rows, columns: objectives.count)
        v = .zeros(rows: kernel.rows, columns: objectives.count)
        u = .zeros(rows: kernel.rows, columns: objectives.count)
    }

    /// Trains to the last stop, and calls `body` with the number of each stop when it is reached. One product of
    /// 2 n^2 c a step.
    ///
    /// - Parameter stops: ascending.
    func run(stops: [Int], _ body: (_ stop: Int) -> Void) {
        var next = 0
        for step in 1...(stops.last ?? 1) {
            descend()
            kernel.multiply(a.view, into: u.view)
            if step == stops[next] {
                body(next)
                next += 1
            }
        }
    }

    private func descend() {
        let (a, v, u, n) = (a.view, v.view, u.view, samples)
        threads.forEach(below: objectives.count) { [objectives, rates, momentum] j in
            elementwise_descend(
                objectives[j].loss.derivative, u.column(j), objectives[j].pull, v.column(j),
                a.column(j), momentum, rates[j], n)
        }
    }

    /// |Delta| = sqrt(a^T K_n a)
    func norm(_ column: Int) -> Double {
        max(0, dot(a.view.column(column), u.view.column(column), count: samples)).squareRoot()
    }

    /// r/n times the largest eigenvalue of D K_n D, D = diag(sqrt(l''(u))), over 2 (1 + mu), for each student.
    func sharpness() -> [Double] {
        let n = samples
        let roots = objectives.indices.map { j in
            objectives[j].rootsOfCurvature(u.view.column(j), count: n)
        }
        let eigenvalues = largestCurvatures(roots, samples: n) { [kernel] in
            kernel.multiply($0, into: $1)
        }
        return zip(eigenvalues, rates).map { $0 * $1 / (2 * (1 + momentum)) }
    }
}

/// The largest eigenvalue of D K D for each student, D = diag(sqrt(l''(u))), to 1e-7, relative.
///
/// - Parameters:
///   - roots: the diagonal of each D.
///   - apply: writes K times each column.
func largestCurvatures(
    _ roots: [[Double]], samples n: Int, apply: (_ vectors: View, _ images: View) -> Void
) -> [Double] {
    let scaled = Matrix(rows: n, columns: roots.count)
    return largestEigenvalues(order: n, count: roots.count, tolerance: 1e-7) { vectors, images in
        for (j, root) in roots.enumerated() {
            for i in 0..<n { scaled[i, j] = root[i] * vectors[i, j] }
        }
        apply(scaled.view, images)
        for (j, root) in roots.enumerated() {
            for i in 0..<n { images[i, j] *= root[i] }
        }
    }
}
