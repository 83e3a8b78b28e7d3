import LinearAlgebra
import Sweep
import Testing

@testable import Distillation

/// A kernel of so many samples that it is made in several tiles, against kernels of few of them.
struct TileTests {
    private static let student = Student(activation: .relu, weightScale: 1.3, biasScale: 0.4)
    private static let training = 2100
    private static let test = 600

    /// K(X, X), k(X, x) and the diagonal of the first columns as training samples, the others as test
    /// samples.
    private struct Filled: ~Copyable {
        let training: Matrix
        let cross: Matrix
        let diagonal: [Double]

        init(_ inputs: View, training N: Int, width: Width, threads: Int) {
            // What isn't written must not be read.
            training = Matrix(rows: N, columns: N)
            training.view.fill(.nan)
            cross = Matrix(rows: N, columns: inputs.columns - N)
            cross.view.fill(.nan)
            let target = Kernel.Target(
                training: training.view, cross: cross.view, threads: Threads(threads))
            switch width {
            case .infinite:
                diagonal = InfiniteKernel(student: TileTests.student, depth: 2)
                    .fill(target, inputs: inputs)
            case .finite(let width):
                diagonal = FiniteNetwork(
                    student: TileTests.student, width: width, depth: 2, seed: 5
                ).fillTangentKernel(target, inputs: inputs)
            }
        }

        subscript(i: Int, j: Int) -> Double {
            j < training.columns ? training[i, j] : cross[i, j - training.columns]
        }
    }

    @Test(
        "Each pair of samples is the same alone and among thousands",
        arguments: [Width.infinite, .finite(24)])
    func pairs(width: Width) {
        let (N, M) = (Self.training, Self.test)
        let inputs = Matrix(rows: 3, columns: N + M)
        for j in 0..<N + M {
            for a in 0..<3 { inputs[a, j] = Double((j * (7 + 4 * a)) % 101) / 50 - 1 }
        }
        let whole = Filled(inputs.view, training: N, width: width, threads: 2)
        #expect(whole.diagonal.count == N + M)
        // On both sides of each tile's edge.
        let rows = [0, 1, 63, 64, 511, 512, 1023, 1024, 2047, 2048, 2099]
        let columns = rows + [N, N + 63, N + 64, N + 511, N + 512, N + M - 1]
        for j in columns {
            for i in rows where i < j {
                let pair = Matrix(rows: 3, columns: 2)
                pair.view.update(from: inputs.view[columns: 0..<2])
                for a in 0..<3 { (pair[a, 0], pair[a, 1]) = (inputs[a, i], inputs[a, j]) }
                let alone = Filled(pair.view, training: 1, width: width, threads: 1)
                let error = abs(whole[i, j] - alone[0, 1]) / abs(alone[0, 1])
                #expect(error < 1e-11, "\(i), \(j): \(whole[i, j]) is \(alone[0, 1]) alone")
                #expect(abs(whole.diagonal[j] - alone.diagonal[1]) <= 1e-12 * alone.diagonal[1])
            }
        }
        for j in 0..<N {
            let isWritten = (0..<j).allSatisfy { whole.training[$0, j].isFinite }
            #expect(isWritten, "column \(j)")
        }
        for j in 0..<M {
            let isWritten = (0..<N).allSatisfy { whole.cross[$0, j].isFinite }
            #expect(isWritten, "column \(N + j)")
        }
    }
}
