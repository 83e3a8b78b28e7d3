import CElementwise
import LinearAlgebra
import Sweep

/// Passes of samples through a network, forward and backward, in matrix products. A matrix has a row for each
/// sample and a column for each unit, so that an elementwise pass is one pass over all of it.
struct NetworkPass: ~Copyable {
    let layout: NetworkLayout
    private let threads: Threads
    /// The most samples of a pass.
    let capacity: Int
    /// a_1 ... a_L side by side, each with its constant column; for erf h_1 ... h_L too.
    private let activations: Matrix
    private let preactivations: Matrix
    /// delta_l, and the one below it.
    private let firstDelta, secondDelta: Matrix

    init(_ layout: NetworkLayout, samples: Int, threads: Threads) {
        let (m, L) = (layout.width, layout.depth)
        self.layout = layout
        self.threads = threads
        capacity = samples
        activations = Matrix(rows: samples, columns: L * (m + 1))
        preactivations = Matrix(rows: samples, columns: layout.activation == .erf ? L * m : 0)
        firstDelta = Matrix(rows: samples, columns: m)
        secondDelta = Matrix(rows: samples, columns: m)
        for layer in 1...L {
            activations.view[columns: layer * (m + 1) - 1..<layer * (m + 1)]
                .fill(layout.constant(ofLayer: layer + 1))
        }
    }

    /// a_l with its constant column, for the samples of the last pass.
    private func inputs(ofLayer layer: Int, _ x: View) -> View {
        guard layer > 1 else { return x }
        let m = layout.width
        return activations.view[columns: (layer - 2) * (m + 1)..<(layer - 1) * (m + 1)].top(x.rows)
    }

    /// h_l likewise.
    private func preactivations(ofLayer layer: Int, _ x: View) -> View {
        let m = layout.width
        return preactivations.view[columns: (layer - 1) * m..<layer * m].top(x.rows)
    }

    // MARK: Forward

    /// outputs = f(x; w). Cost 2 n P.
    ///
    /// - Parameter x: n <= `capacity` samples, as `networkInputs` has them.
    func forward(_ weights: View, _ x: View, into outputs: UnsafeMutablePointer<Double>) {
        let (m, L) = (layout.width, layout.depth)
        for layer in 1...L {
            let target = inputs(ofLayer: layer + 1, x)[columns: 0..<m]
            let w = layout.layer(layer, of: weights)
            switch layout.activation {
            case .relu:
                multiply(
                    inputs(ofLayer: layer, x), transposed: w, alpha: layout.scale(ofLayer: layer),
                    into: target)
                forEachPiece(of: target) { elementwise_relu(target.start + $0, $1) }
            case .erf:
                let h = preactivations(ofLayer: layer, x)
                multiply(
                    inputs(ofLayer: layer, x), transposed: w, alpha: layout.scale(ofLayer: layer),
                    into: h)
                forEachPiece(of: target) { elementwise_erf(h.start + $0, target.start + $0, $1) }
            }
        }
        multiply(
            inputs(ofLayer: L + 1, x), vector: layout.layer(L + 1, of: weights).start,
            alpha: layout.scale(ofLayer: L + 1), into: outputs)
    }

    /// Calls `body` with the first element and the number of elements of pieces that cover the view, for which
    /// threads share the work. A view of fewer rows than the matrix has is covered column by column.
    private func forEachPiece(of view: View, _ body: @Sendable (_ first: Int, _ count: Int) -> Void)
    {
        if view.rows == view.stride {
            let count = view.rows * view.columns
            guard threads.count > 1 else { return body(0, count) }
            let piece = (count / threads.count + 8) & ~7
            threads.forEach(below: (count + piece - 1) / piece) { index in
                body(index * piece, min(piece, count - index * piece))
            }
        } else {
            threads.forEach(below: view.columns) { body($0 * view.stride, view.rows) }
        }
    }

    // MARK: Backward

    /// Adds the gradient of sum_i g_i f(x_i; w) over the weights, for the samples of the last forward pass:
    /// velocity = momentum velocity + gradient. Cost some 4 n P.
    func descend(
        _ weights: View, _ x: View, _ g: UnsafePointer<Double>, momentum: Double, velocity: View
    ) {
        let L = layout.depth
        multiply(
            transposed: inputs(ofLayer: L + 1, x), vector: g, alpha: layout.scale(ofLayer: L + 1),
            beta: momentum, into: layout.layer(L + 1, of: velocity).start)
        forEachDelta(weights, x, g) { layer, delta in
            multiply(
                transposed: delta, inputs(ofLayer: layer, x), alpha: layout.scale(ofLayer: layer),
                beta: momentum, into: layout.layer(layer, of: velocity))
        }
    }

    /// Calls `body` with each layer from L to 1 and g delta_l, a row for each sample.
    private func forEachDelta(
        _ weights: View, _ x: View, _ g: UnsafePointer<Double>,
        _ body: (_ layer: Int, _ delta: View) -> Void
    ) {
        let (m, L, n) = (layout.width, layout.depth, x.rows)
        precondition(n == capacity, "a backward pass is of all samples that the pass has room for")
        var current = View(firstDelta.view.start, rows: n, columns: m, stride: n)
        var below = View(secondDelta.view.start, rows: n, columns: m, stride: n)
        deriveOutput(weights, x, g, into: current)
        body(L, current)
        for layer in stride(from: L, to: 1, by: -1) {
            multiply(
                current, layout.layer(layer, of: weights)[columns: 0..<m],
                alpha: layout.scale(ofLayer: layer), into: below)
            derive(below, layer: layer - 1, x)
            body(layer - 1, below)
            swap(&current, &below)
        }
    }

    /// delta = g sw/sqrt(m) W_{L+1} phi'(h_L)
    private func deriveOutput(
        _ weights: View, _ x: View, _ g: UnsafePointer<Double>, into delta: View
    ) {
        let (m, L, n) = (layout.width, layout.depth, x.rows)
        let (w, scale) = (layout.layer(L + 1, of: weights).start, layout.scale(ofLayer: L + 1))
        let a = inputs(ofLayer: L + 1, x)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: m) { factors in
            for unit in 0..<m { factors[unit] = scale * w[unit] }
            switch layout.activation {
            case .relu:
                elementwise_relu_output(a.start, g, factors.baseAddress!, delta.start, n, m)
            case .erf:
                elementwise_outer(g, factors.baseAddress!, delta.start, n, m)
                derive(delta, layer: L, x)
            }
        }
    }

    /// delta *= phi'(h_l)
    private func derive(_ delta: View, layer: Int, _ x: View) {
        let a = inputs(ofLayer: layer + 1, x)
        switch layout.activation {
        case .relu:
            forEachPiece(of: delta) {
                elementwise_relu_derivative(a.start + $0, delta.start + $0, $1)
            }
        case .erf:
            let h = preactivations(ofLayer: layer, x)
            forEachPiece(of: delta) {
                elementwise_times_gaussian(
                    h.start + $0, delta.start + $0, 2 / Double.pi.squareRoot(), $1)
            }
        }
    }

    // MARK: The tangent kernel

    /// The network's own tangent kernel over the samples of the last forward pass, which must be `capacity` many;
    /// n x n, the upper triangle with the diagonal:
    ///
    ///     K(x, x') = sum_{l=1}^{L+1} (sw^2/fan_in_l a_{l-1}.a'_{l-1} + sb^2) (delta_l . delta'_l)
    ///
    /// Two Gram products a layer.
    func fillTangentKernel(_ weights: View, _ x: View, into kernel: View) {
        let n = x.rows
        let forward = Matrix(rows: n, columns: n)
        let backward = Matrix(rows: n, columns: n)
        func gram(ofLayer layer: Int, into target: View) {
            let scale = layout.scale(ofLayer: layer)
            // The constant column's square is sb^2.
            multiply(rowGramOf: inputs(ofLayer: layer, x), alpha: scale * scale, intoUpper: target)
        }
        gram(ofLayer: layout.depth + 1, into: kernel)
        forEachDelta(weights, x, [Double](repeating: 1, count: n)) { layer, delta in
            gram(ofLayer: layer, into: forward.view)
            multiply(rowGramOf: delta, intoUpper: backward.view)
            for j in 0..<n {
                let (k, f, b) = (kernel.column(j), forward.view.column(j), backward.view.column(j))
                for i in 0...j { k[i] += f[i] * b[i] }
            }
        }
    }
}
