import Foundation
import LinearAlgebra
import Sweep
import Testing

@testable import Distillation

struct FiniteNetworkTests {
    /// f and its parameters, written as plainly as theory does: no matrices, no backward pass.
    struct PlainNetwork {
        let student: Student
        var weights: [[[Double]]]
        var biases: [[Double]]

        init(_ student: Student, inputs: Int, width: Int, depth: Int, seed: Int) {
            self.student = student
            let sizes = [inputs] + Array(repeating: width, count: depth) + [1]
            weights = (1...depth + 1).map { l in
                let stream = Stream(seed: seed, .weights(layer: l)).normals(sizes[l - 1] * sizes[l])
                return (0..<sizes[l]).map {
                    Array(stream[$0 * sizes[l - 1]..<($0 + 1) * sizes[l - 1]])
                }
            }
            biases = (1...depth + 1).map {
                Stream(seed: seed, .biases(layer: $0)).normals(sizes[$0])
            }
        }

        func callAsFunction(_ x: [Double]) -> Double {
            var a = x
            for l in weights.indices {
                let scale = student.weightScale / sqrt(Double(a.count))
                let h = zip(weights[l], biases[l]).map { row, bias in
                    scale * zip(row, a).map(*).reduce(0, +) + student.biasScale * bias
                }
                if l == weights.count - 1 { return h[0] }
                a = h.map { student.activation == .relu ? max($0, 0) : erf($0) }
            }
            fatalError("a network has an output layer")
        }

        /// grad_w f(x), by central differences in each parameter.
        func gradient(_ x: [Double]) -> [Double] {
            let step = 1e-5
            var gradient: [Double] = []
            var network = self
            func slope(_ parameter: WritableKeyPath<PlainNetwork, Double>) {
                let value = network[keyPath: parameter]
                network[keyPath: parameter] = value + step
                let above = network(x)
                network[keyPath: parameter] = value - step
                let below = network(x)
                network[keyPath: parameter] = value
                gradient.append((above - below) / (2 * step))
            }
            for l in weights.indices {
                for i in weights[l].indices {
                    for j in weights[l][i].indices { slope(\.weights[l][i][j]) }
                    slope(\.biases[l][i])
                }
            }
            return gradient
        }
    }

    @Test(
        "The kernel is the explicit Jacobian's product",
        arguments: [(Activation.relu, 1), (.relu, 3), (.erf, 1), (.erf, 2)])
    func explicitJacobian(activation: Activation, depth: Int) throws {
        let sweep = smallSweep(
            dimension: 3, activation: activation, oracle: 6, test: 4, width: .finite(7),
            sizes: [6], depth: depth)
        let kernel = try sweep.kernel()
        let samples = sweep.samples()
        let network = PlainNetwork(
            sweep.settings.student, inputs: 3, width: 7, depth: depth, seed: 0)
        let jacobian = (0..<10).map { s in
            network.gradient((0..<3).map { samples.inputs[$0, s] })
        }
        var worst = 0.0
        for (i, row) in kernel.dense().enumerated() {
            for (j, value) in row.enumerated() {
                let expected = zip(jacobian[i], jacobian[j]).map(*).reduce(0, +)
                worst = max(worst, abs(value - expected) / kernel.diagonal[i])
            }
        }
        print("explicit Jacobian, \(activation) depth \(depth): largest gap \(worst)")
        #expect(worst < 1e-8)
        for j in 0..<10 {
            let expected = jacobian[j].map { $0 * $0 }.reduce(0, +)
            #expect(abs(kernel.diagonal[j] - expected) < 1e-8 * expected)
        }
    }

    @Test(
        "As the width grows the kernel nears the infinite one, as 1/sqrt(m)",
        arguments: [Activation.relu, .erf])
    func converges(activation: Activation) throws {
        let widths = [64, 256, 1024]
        let infinite = try smallSweep(
            activation: activation, oracle: 24, test: 8, sizes: [8]
        ).kernel().dense().flatMap { $0 }
        let scale = sqrt(infinite.map { $0 * $0 }.reduce(0, +))
        let gaps = try widths.map { m in
            let squares = try (0..<6).map { seed in
                var sweep = smallSweep(
                    activation: activation, oracle: 24, test: 8, width: .finite(m), sizes: [8])
                sweep.grid.seed = [seed]
                // The samples of seed 0 throughout: only the weights change.
                let kernel = try Kernel(
                    student: sweep.settings.student, width: .finite(m), depth: 2, seed: seed,
                    samples: sweep.samples(seed: 0), threads: Threads(1))
                return zip(kernel.dense().flatMap { $0 }, infinite)
                    .map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
            }
            return sqrt(squares.reduce(0, +) / 6) / scale
        }
        let rate = log(gaps[2] / gaps[0]) / log(Double(widths[2]) / Double(widths[0]))
        print(
            "\(activation): relative gap to the infinite kernel \(gaps) at \(widths): rate \(rate)")
        #expect(-0.75 < rate && rate < -0.3)
        #expect(gaps[0] > gaps[1] && gaps[1] > gaps[2] && gaps[2] < 0.15)
    }

    @Test("Two threads give the kernel of one", arguments: [Width.infinite, .finite(33)])
    func threads(width: Width) throws {
        let sweep = smallSweep(oracle: 150, test: 70, width: width)
        let one = try sweep.kernel().dense()
        setBLASThreads(2)
        defer { setBLASThreads(1) }
        let two = try Kernel(
            student: sweep.settings.student, width: width, depth: 2, seed: 0,
            samples: sweep.samples(), threads: Threads(2)
        ).dense()
        for (a, b) in zip(one.joined(), two.joined()) { #expect(abs(a - b) <= 1e-12 * abs(a)) }
    }
}
