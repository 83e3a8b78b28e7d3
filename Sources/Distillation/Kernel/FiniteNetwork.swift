import CElementwise
import LinearAlgebra
import Sweep

/// A fully connected network in the NTK parameterisation, L hidden layers of width m, every weight
/// and bias drawn from N(0, 1):
///
///     h_1 = sw/sqrt(d) W_1 x + sb b_1,   a_l = phi(h_l),   h_{l+1} = sw/sqrt(m) W_{l+1} a_l + sb b_{l+1}
///
/// and f = h_{L+1}. Weights are drawn in pieces when they are needed; no weight matrix is ever held whole.
struct FiniteNetwork: Sendable {
    private let student: Student
    private let width: Int
    private let depth: Int
    private let seed: Int

    /// Rows of a weight matrix that are drawn at a time.
    private static let piece = 256

    init(student: Student, width: Int, depth: Int, seed: Int) {
        self.student = student
        self.width = width
        self.depth = depth
        self.seed = seed
    }

    /// Writes the empirical tangent kernel at the initial weights and returns its diagonal:
    ///
    ///     K(x, x') = sum_{l=1}^{L+1} (sw^2/fan_in_l a_{l-1}.a'_{l-1} + sb^2) (delta_l . delta'_l)
    ///     delta_{L+1} = 1,   delta_l = phi'(h_l) * sw/sqrt(m) W_{l+1}^T delta_{l+1}
    ///
    /// Two Gram products a layer, O(pairs m L), and two passes through the weights; the Jacobian is
    /// never formed. At most (L + 2) matrices of m x samples are alive at a time.
    func fillTangentKernel(_ target: Kernel.Target, inputs: View) -> [Double] {
        let samples = inputs.columns
        // h_1 ... h_L side by side; each becomes a_l once its derivative has been used.
        let layers = Matrix(rows: width, columns: depth * samples)
        func layer(_ l: Int) -> View {
            layers.view[0..<width, (l - 1) * samples..<l * samples]
        }
        forward(inputs, into: layer, threads: target.threads)
        var kernel = GramSum(target, samples: samples, student: student)

        var delta = Matrix(rows: width, columns: samples)
        backwardFromOutput(into: delta.view, h: layer(depth), target.threads)
        activate(layer(depth), target.threads)
        kernel.addOutputLayer(activations: layer(depth))

        for l in stride(from: depth, to: 1, by: -1) {
            let below = Matrix(rows: width, columns: samples)
            backward(through: l, delta.view, into: below.view, h: layer(l - 1), target.threads)
            activate(layer(l - 1), target.threads)
            kernel.add(activations: layer(l - 1), deltas: delta.view)
            delta = below
        }
        kernel.add(activations: inputs, deltas: delta.view)
        return kernel.diagonal
    }

    // MARK: Forward

    /// h_1 ... h_L, each m x samples.
    private func forward(_ inputs: View, into layer: (Int) -> View, threads: Threads) {
        preactivate(layer: 1, inputs, into: layer(1), threads)
        guard depth > 1 else { return }
        let activations = Matrix(rows: width, columns: inputs.columns)
        for l in 2...depth {
            activations.view.update(from: layer(l - 1))
            activate(activations.view, threads)
            preactivate(layer: l, activations.view, into: layer(l), threads)
        }
    }

    /// h = sw/sqrt(fan_in) W a + sb b
    private func preactivate(layer: Int, _ a: View, into h: View, _ threads: Threads) {
        let fanIn = a.rows
        forEachWeightPiece(layer: layer, fanIn: fanIn, fanOut: width, threads) { rows, weights in
            multiply(
                transposed: weights, a, alpha: student.weightScale / Double(fanIn).squareRoot(),
                into: h[rows, 0..<h.columns])
        }
        let biases = Stream(seed: seed, .biases(layer: layer)).normals(width)
        threads.forEach(below: h.columns) { j in
            let column = h.column(j)
            for i in 0..<h.rows { column[i] += student.biasScale * biases[i] }
        }
    }

    /// h <- phi(h)
    private func activate(_ h: View, _ threads: Threads) {
        threads.forEach(below: h.columns) { j in
            let column = h.column(j)
            switch student.activation {
            case .relu: for i in 0..<h.rows { column[i] = max(column[i], 0) }
            case .erf: elementwise_erf(column, column, h.rows)
            }
        }
    }

    // MARK: Backward

    /// delta_L = phi'(h_L) * sw/sqrt(m) W_{L+1}^T
    private func backwardFromOutput(into delta: View, h: View, _ threads: Threads) {
        let weights = Stream(seed: seed, .weights(layer: depth + 1)).normals(width)
        let scale = student.weightScale / Double(width).squareRoot()
        threads.forEach(below: delta.columns) { j in
            let column = delta.column(j)
            for i in 0..<width { column[i] = scale * weights[i] }
        }
        multiplyByDerivative(delta, at: h, threads)
    }

    /// delta_{l-1} = phi'(h_{l-1}) * sw/sqrt(m) W_l^T delta_l
    private func backward(
        through layer: Int, _ delta: View, into below: View, h: View, _ threads: Threads
    ) {
        let scale = student.weightScale / Double(width).squareRoot()
        forEachWeightPiece(layer: layer, fanIn: width, fanOut: width, threads) { rows, weights in
            multiply(
                weights, delta[rows, 0..<delta.columns], alpha: scale,
                beta: rows.lowerBound == 0 ? 0 : 1, into: below)
        }
        multiplyByDerivative(below, at: h, threads)
    }

    private func multiplyByDerivative(_ delta: View, at h: View, _ threads: Threads) {
        threads.forEach(below: delta.columns) { j in
            let target = delta.column(j)
            let at = h.column(j)
            switch student.activation {
            case .relu:
                for i in 0..<delta.rows { target[i] = at[i] > 0 ? target[i] : 0 }
            case .erf:
                elementwise_times_gaussian(at, target, 2 / Double.pi.squareRoot(), delta.rows)
            }
        }
    }

    // MARK: Weights

    /// Calls `body(rows, W[rows, :]^T)` for pieces that cover the weights of a layer; the view is
    /// fan_in x rows, since the weights come row by row.
    private func forEachWeightPiece(
        layer: Int, fanIn: Int, fanOut: Int, _ threads: Threads,
        _ body: (_ rows: Range<Int>, _ transposed: View) -> Void
    ) {
        let stream = Stream(seed: seed, .weights(layer: layer))
        let buffer = Matrix(rows: fanIn, columns: min(Self.piece, fanOut))
        for first in stride(from: 0, to: fanOut, by: Self.piece) {
            let rows = first..<min(first + Self.piece, fanOut)
            let weights = buffer.view[0..<fanIn, 0..<rows.count]
            threads.forEach(below: rows.count) { row in
                stream.fillNormals(
                    from: (first + row) * fanIn, count: fanIn, into: weights.column(row))
            }
            body(rows, weights)
        }
    }
}

/// The kernel as a sum, to which each layer adds a product of two Gram matrices.
private struct GramSum: ~Copyable {
    private let target: Kernel.Target
    private let weightVariance: Double
    private let biasVariance: Double
    /// a.a' and delta . delta' for one tile.
    private let forward: Matrix
    private let backward: Matrix
    private(set) var diagonal: [Double]

    /// Columns of a tile. BLAS packs the rows anew for each tile; with this many columns that costs little.
    private static let tileColumns = 512

    init(_ target: Kernel.Target, samples: Int, student: Student) {
        self.target = target
        weightVariance = student.weightScale * student.weightScale
        biasVariance = student.biasScale * student.biasScale
        let N = target.training.rows
        forward = Matrix(rows: N, columns: Self.tileColumns)
        backward = Matrix(rows: N, columns: Self.tileColumns)
        diagonal = [Double](repeating: 0, count: samples)
    }

    /// K = sw^2/m a_L.a_L' + sb^2, where delta_{L+1} = 1.
    mutating func addOutputLayer(activations a: View) {
        let scale = weightVariance / Double(a.rows)
        target.forEachTile(columns: Self.tileColumns) {
            [biasVariance, threads = target.threads] tile in
            tile.multiply(a, alpha: scale, into: tile.values)
            threads.forEach(below: tile.columns.count) { j in
                let k = tile.values.column(j)
                for i in 0..<tile.count(ofColumn: j) { k[i] += biasVariance }
            }
        }
        for i in diagonal.indices {
            diagonal[i] = scale * dot(a.column(i), a.column(i), count: a.rows) + biasVariance
        }
    }

    /// K += (sw^2/fan_in a.a' + sb^2) (delta . delta')
    mutating func add(activations a: View, deltas: View) {
        let scale = weightVariance / Double(a.rows)
        let (first, second) = (forward.view, backward.view)
        target.forEachTile(columns: Self.tileColumns) {
            [biasVariance, threads = target.threads] tile in
            let forward = first[0..<tile.rows, 0..<tile.columns.count]
            let backward = second[0..<tile.rows, 0..<tile.columns.count]
            tile.multiply(a, alpha: scale, into: forward)
            tile.multiply(deltas, alpha: 1, into: backward)
            threads.forEach(below: tile.columns.count) { j in
                let (k, f, b) = (tile.values.column(j), forward.column(j), backward.column(j))
                for i in 0..<tile.count(ofColumn: j) { k[i] += (f[i] + biasVariance) * b[i] }
            }
        }
        for i in diagonal.indices {
            let square = scale * dot(a.column(i), a.column(i), count: a.rows) + biasVariance
            diagonal[i] +=
                square * dot(deltas.column(i), deltas.column(i), count: deltas.rows)
        }
    }
}
