import LinearAlgebra
import Sweep

/// Where a network's weights and biases lie in one array of P numbers, and how its layers are scaled.
///
/// A layer's biases are one more column of its weights, and its inputs have one more element, the constant
/// sb sqrt(fan_in)/sw: then h = sw/sqrt(fan_in) W a + sb b is one product, and so is the gradient of W and b.
struct NetworkLayout: Sendable {
    /// d, m, L
    let dimension, width, depth: Int
    let activation: Activation
    private let weightScale, biasScale: Double
    private let seed: Int

    init(student: Student, dimension: Int, width: Int, depth: Int, seed: Int) {
        self.dimension = dimension
        self.width = width
        self.depth = depth
        self.seed = seed
        activation = student.activation
        weightScale = student.weightScale
        biasScale = student.biasScale
    }

    /// P
    var count: Int { offset(ofLayer: depth + 2) }

    /// Whether the products of a step on so many samples are too small to keep several threads busy.
    func isSmall(samples: Int) -> Bool { samples * width * max(width, dimension) <= 1 << 26 }

    func fanIn(ofLayer layer: Int) -> Int { layer == 1 ? dimension : width }

    /// sw/sqrt(fan_in)
    func scale(ofLayer layer: Int) -> Double {
        weightScale / Double(fanIn(ofLayer: layer)).squareRoot()
    }

    /// What a layer's last input is.
    func constant(ofLayer layer: Int) -> Double { biasScale / scale(ofLayer: layer) }

    private func offset(ofLayer layer: Int) -> Int {
        switch layer {
        case 1: 0
        case depth + 2: offset(ofLayer: depth + 1) + width + 1
        default: width * (dimension + 1) + (layer - 2) * width * (width + 1)
        }
    }

    /// W_l with b_l as its last column, fan_out x (fan_in + 1), in an array of P numbers; l = 1 ... L + 1.
    func layer(_ layer: Int, of weights: View) -> View {
        let rows = layer == depth + 1 ? 1 : width
        return View(
            weights.start + offset(ofLayer: layer), rows: rows,
            columns: fanIn(ofLayer: layer) + 1, stride: rows)
    }

    /// w_0: P numbers in one column. O(P)
    func initialWeights() -> Matrix {
        let weights = Matrix(rows: count, columns: 1)
        for number in 1...depth + 1 {
            let layer = layer(number, of: weights.view)
            let (fanIn, stream) = (layer.columns - 1, Stream(seed: seed, .weights(layer: number)))
            let row = Matrix(rows: fanIn, columns: 1)
            for i in 0..<layer.rows {
                stream.fillNormals(from: i * fanIn, count: fanIn, into: row.view.start)
                for j in 0..<fanIn { layer[i, j] = row[j, 0] }
            }
            let biases = Stream(seed: seed, .biases(layer: number)).normals(layer.rows)
            for i in 0..<layer.rows { layer[i, fanIn] = biases[i] }
        }
        return weights
    }
}

/// A network's inputs: a row for each sample, and the constant of the first layer as the last column.
func networkInputs(_ samples: View, _ layout: NetworkLayout) -> Matrix {
    let inputs = Matrix(rows: samples.columns, columns: samples.rows + 1)
    for i in 0..<samples.columns {
        let sample = samples.column(i)
        for j in 0..<samples.rows { inputs[i, j] = sample[j] }
        inputs[i, samples.rows] = layout.constant(ofLayer: 1)
    }
    return inputs
}
