import LinearAlgebra
import Sweep

/// What all networks of one width, depth and seed start from.
///
/// Sendable, as nothing changes after it is made.
final class NetworkStart: @unchecked Sendable {
    let layout: NetworkLayout
    /// w_0
    let weights: Matrix
    /// The N training samples and the M test samples, as `networkInputs` has them.
    let training, test: Matrix
    /// f(x; w_0) of the training samples and of the test samples.
    let outputs, testOutputs: [Double]
    /// |w_0|
    let norm: Double

    /// Nil if the block is of linearised students.
    convenience init?(
        of block: Block, _ settings: Settings, _ samples: borrowing Samples, threads: Threads
    ) {
        guard block.model == .network, case .finite(let width) = block.width else { return nil }
        self.init(
            NetworkLayout(
                student: settings.student, dimension: samples.inputs.rows, width: width,
                depth: block.depth, seed: block.seed),
            samples: samples, threads: threads)
    }

    /// The most test samples in one pass.
    static let testPiece = 256

    /// O((N + M) P)
    init(_ layout: NetworkLayout, samples: borrowing Samples, threads: Threads) {
        let inputs = samples.inputs.view
        self.layout = layout
        weights = layout.initialWeights()
        training = networkInputs(inputs[columns: 0..<samples.training], layout)
        test = networkInputs(inputs[columns: samples.training..<samples.count], layout)
        norm = dot(weights.view.start, weights.view.start, count: layout.count).squareRoot()
        let pass = NetworkPass(
            layout, samples: min(Self.testPiece, max(samples.training, samples.test)),
            threads: threads)
        outputs = pass.outputs(weights.view, training.view)
        testOutputs = pass.outputs(weights.view, test.view)
    }
}

extension NetworkPass {
    /// f(x; w) of any number of samples, `capacity` at a time.
    func outputs(_ weights: View, _ x: View) -> [Double] {
        // A matrix, since its memory is aligned: the last digits of sums depend on where vectors begin.
        let outputs = Matrix(rows: capacity, columns: 1)
        var all: [Double] = []
        all.reserveCapacity(x.rows)
        for first in stride(from: 0, to: x.rows, by: capacity) {
            let rows = first..<min(first + capacity, x.rows)
            forward(weights, x[rows, 0..<x.columns], into: outputs.view.start)
            all += UnsafeBufferPointer(start: outputs.view.start, count: rows.count)
        }
        return all
    }
}
