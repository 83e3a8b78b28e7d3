import Foundation
import LinearAlgebra
import Sweep

/// The samples of one seed, x with its true logit and hard label: the N training (oracle) samples,
/// then the M test samples, so that one pass through a network serves both.
struct Samples: ~Copyable {
    /// x, d x (N + M): a column for each sample.
    let inputs: Matrix
    let training: Int
    let test: Int
    /// z_g; for a table, whose z_g isn't known, the teacher's logits.
    let logits: [Double]
    /// y_g
    let labels: [Decision]

    var count: Int { training + test }

    /// Draws the samples. O((N + M) q d) for a mixture of q components, O(R d) for a table of R rows.
    ///
    /// - Throws: if a table's feature can't be standardised for this seed; never for a mixture.
    init(settings: Settings, table: Table?, seed: Int) throws(SolveError) {
        training = settings.oracleSamples
        test = settings.testSamples
        switch settings.learningTask {
        case .gaussianMixture(let mixture):
            let drawn = Mixture(mixture)
            inputs = Matrix(rows: mixture.dimension, columns: training + test)
            let view = inputs.view
            drawn.draw(Stream(seed: seed, .trainingSamples), into: view[columns: 0..<training])
            drawn.draw(
                Stream(seed: seed, .testSamples), into: view[columns: training..<view.columns])
            let logits = (0..<view.columns).map { drawn.logit(view.column($0)) }
            self.logits = logits
            switch mixture.labels {
            case .deterministic: labels = logits.map(decision)
            case .sampled:
                let streams = (
                    Stream(seed: seed, .trainingLabels), Stream(seed: seed, .testLabels)
                )
                let training = training
                labels = logits.indices.map { i in
                    let u =
                        i < training ? streams.0.uniform(i) : streams.1.uniform(i - training)
                    return u < sigmoid(logits[i]) ? 1 : 0
                }
            }
        case .table:
            guard let table else { preconditionFailure("a table task is solved with its table") }
            let split = TableSplit(settings: settings, rows: table.rowCount, seed: seed)
            let chosen = split.chosen
            inputs = try Self.standardised(table, split, settings: settings)
            logits = chosen.map { table.teacherLogits[$0] }
            labels = chosen.map { table.labels[$0] ? 1 : 0 }
        }
    }

    /// The features of the chosen rows, d x rows, standardised: less the mean of the known rows, and divided
    /// by their deviation. A feature that has one value in all known rows becomes 0.
    ///
    /// Gathers eight features at a time: a cache line has about that many of one row, and the rows are too long
    /// for all to stay in cache.
    ///
    /// - Throws: if a feature can't be standardised.
    private static func standardised(
        _ table: Table, _ split: TableSplit, settings: Settings
    ) throws(SolveError) -> Matrix {
        let d = table.dimension
        var standardisations: [Standardisation] = []
        standardisations.reserveCapacity(d)
        let count = split.known.count
        let atOnce = min(8, d)
        var columns = [Double](repeating: 0, count: atOnce * count)
        for first in stride(from: 0, to: d, by: atOnce) {
            let features = min(atOnce, d - first)
            columns.withUnsafeMutableBufferPointer { columns in
                for (i, row) in split.known.enumerated() {
                    for j in 0..<features {
                        columns[j * count + i] = table.features[row * d + first + j]
                    }
                }
                for j in 0..<features {
                    let known = UnsafeBufferPointer(
                        rebasing: UnsafeBufferPointer(columns)[j * count..<(j + 1) * count])
                    standardisations.append(Standardisation(of: known))
                }
            }
        }
        let inputs = Matrix(rows: d, columns: split.chosen.count)
        for (column, row) in split.chosen.enumerated() {
            for feature in 0..<d {
                let x = standardisations[feature](table.features[row * d + feature])
                guard Standardisation.isUsable(x) else {
                    throw SolveError(
                        "column \(columnName(feature, settings)): \(Standardisation.problem)")
                }
                inputs[feature, column] = x
            }
        }
        return inputs
    }

    private static func columnName(_ feature: Int, _ settings: Settings) -> String {
        switch settings.learningTask {
        case .gaussianMixture: preconditionFailure("a mixture has no columns")
        case .table(let reference): reference.features[feature]
        }
    }
}

/// A Gaussian mixture with its centres drawn.
private struct Mixture {
    let parameters: GaussianMixture
    /// q rows of d, each of norm r.
    let centres: [Double]

    init(_ parameters: GaussianMixture) {
        self.parameters = parameters
        let d = parameters.dimension
        var centres = Stream(seed: parameters.seed, .centres).normals(parameters.components * d)
        for j in 0..<parameters.components {
            let row = j * d..<(j + 1) * d
            let norm = centres[row].reduce(0) { $0 + $1 * $1 }.squareRoot()
            for index in row { centres[index] *= parameters.separation / norm }
        }
        self.centres = centres
    }

    /// Draws sample i into column i: ceil(d/2) normal pairs, then the word that picks the component,
    /// from word i * stride on.
    func draw(_ stream: Stream, into samples: View) {
        let d = parameters.dimension
        let pairs = (d + 1) / 2
        let stride = 4 * ((2 * pairs + 1 + 3) / 4)
        for i in 0..<samples.columns {
            let x = samples.column(i)
            stream.fillNormals(from: i * stride, count: d, into: x)
            let u = stream.uniform(i * stride + 2 * pairs)
            let component = Int(u * Double(parameters.components))
            for a in 0..<d { x[a] = centres[component * d + a] + parameters.spread * x[a] }
        }
    }

    /// z_g(x) = ln sum_{j even} exp(-|x - c_j|^2 / 2 s^2) - ln sum_{j odd} exp(-|x - c_j|^2 / 2 s^2)
    func logit(_ x: UnsafePointer<Double>) -> Double {
        let d = parameters.dimension
        let scale = -1 / (2 * parameters.spread * parameters.spread)
        let exponents = (0..<parameters.components).map { j in
            var square = 0.0
            for a in 0..<d {
                let difference = x[a] - centres[j * d + a]
                square += difference * difference
            }
            return scale * square
        }
        func logSum(from first: Int) -> Double {
            let own = stride(from: first, to: exponents.count, by: 2).map { exponents[$0] }
            let largest = own.max()!
            return largest + log(own.reduce(0) { $0 + exp($1 - largest) })
        }
        return logSum(from: 0) - logSum(from: 1)
    }
}
