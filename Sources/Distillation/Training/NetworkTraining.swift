import CElementwise
import LinearAlgebra
import Sweep

/// One network in training on the first n samples: u = f(X_n; w) - f(X_n; w_0), and a step is
///
///     v <- mu v + sum_i g_i grad f(x_i; w),   w <- w - r/n v
final class NetworkTraining {
    private let start: NetworkStart
    private let objective: Objective
    private let rate: Double
    private let momentum: Double
    private let n: Int
    private let pass: NetworkPass
    private let testPass: NetworkPass
    /// w and v: P numbers each.
    private let w, v: Matrix
    /// u and g: n numbers each.
    private let u, g: Matrix

    /// - Parameter norm: ||K_n|| at w_0.
    init(
        _ start: NetworkStart, samples n: Int, norm: Double, objective: Objective,
        training: Training, threads: Threads
    ) {
        self.start = start
        self.objective = objective
        rate = objective.rate(training, norm: norm)
        momentum = training.momentum
        self.n = n
        let layout = start.layout
        pass = NetworkPass(layout, samples: n, threads: threads)
        testPass = NetworkPass(
            layout, samples: min(NetworkStart.testPiece, start.test.rows), threads: threads)
        w = Matrix(rows: layout.count, columns: 1)
        w.view.update(from: start.weights.view)
        v = .zeros(rows: layout.count, columns: 1)
        u = .zeros(rows: n, columns: 1)
        g = Matrix(rows: n, columns: 1)
    }

    /// f at the training samples.
    var fit: UnsafePointer<Double> { UnsafePointer(u.view.start) }

    /// Trains to the last stop, and calls `body` with the number of each stop when it is reached, and whether
    /// everything was finite so far; if not, training has ended there. Some 6 n P operations a step.
    ///
    /// - Parameter stops: ascending.
    func run(
        stops: [Int], _ body: (_ stop: Int, _ isFinite: Bool) -> Void
    ) {
        let x = start.training.view.top(n)
        var next = 0
        // The forward pass at w_0: its activations are what the first step goes back through.
        pass.forward(w.view, x, into: u.view.start)
        u.view.fill(0)
        for step in 1...(stops.last ?? 1) {
            elementwise_loss_gradient(
                objective.loss.derivative, u.view.start, objective.pull, g.view.start, n)
            pass.descend(w.view, x, g.view.start, momentum: momentum, velocity: v.view)
            add(-rate, v.view.start, to: w.view.start, count: w.rows)
            pass.forward(w.view, x, into: u.view.start)
            subtract(start.outputs, from: u.view.start)
            guard u.view.isFinite(column: 0) else {
                for stop in next..<stops.count { body(stop, false) }
                return
            }
            if step == stops[next] {
                body(next, w.view.isFinite(column: 0))
                next += 1
            }
        }
    }

    private func subtract(_ outputs: [Double], from u: UnsafeMutablePointer<Double>) {
        for i in 0..<n { u[i] -= outputs[i] }
    }

    // MARK: Measures

    /// f at the M test points.
    func testLogits() -> [Double] {
        zip(testPass.outputs(w.view, start.test.view), start.testOutputs).map { $0 - $1 }
    }

    /// |w - w_0|
    func distance() -> Double {
        LinearAlgebra.distance(w.view.start, start.weights.view.start, count: w.rows)
    }

    /// K_n(w), n x n, the upper triangle with the diagonal. Two Gram products a layer.
    func fillTangentKernel(_ kernel: View) {
        pass.fillTangentKernel(w.view, start.training.view.top(n), into: kernel)
    }

    /// r/n times the largest eigenvalue of D K_n(w) D, D = diag(sqrt(l''(u))), over 2 (1 + mu).
    ///
    /// - Parameter kernel: K_n(w)
    func sharpness(_ kernel: View) -> Double {
        let roots = objective.rootsOfCurvature(fit, count: n)
        let symmetric = Symmetric(upperOf: kernel)
        let eigenvalues = largestCurvatures([roots], samples: n) {
            symmetric.multiply($0, into: $1)
        }
        return eigenvalues[0] * rate / (2 * (1 + momentum))
    }
}
