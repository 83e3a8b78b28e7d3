import Foundation
import LinearAlgebra
import Sweep
import Testing

@testable import Distillation

@Suite struct NetworkPassTests {
    /// A small network with its inputs.
    private struct Setup: ~Copyable {
        let layout: NetworkLayout
        let weights: Matrix
        let inputs: Matrix
        let samples = 9

        init(_ activation: Activation, depth: Int, biasScale: Double = 0.3) {
            let student = Student(
                activation: activation, weightScale: activation.defaultWeightScale,
                biasScale: biasScale)
            layout = NetworkLayout(
                student: student, dimension: 3, width: 5, depth: depth, seed: 4)
            weights = layout.initialWeights()
            let x = Matrix(rows: 3, columns: samples)
            for j in 0..<samples { for i in 0..<3 { x[i, j] = sin(Double(1 + i + 5 * j)) } }
            inputs = networkInputs(x.view, layout)
        }

        func outputs() -> [Double] {
            NetworkPass(layout, samples: samples, threads: Threads(1))
                .outputs(weights.view, inputs.view)
        }
    }

    private static let kinds: [(Activation, Int)] = [(.relu, 1), (.relu, 3), (.erf, 1), (.erf, 3)]

    @Test("The gradient of each weight and bias is the slope of the outputs", arguments: kinds)
    func gradient(activation: Activation, depth: Int) {
        let setup = Setup(activation, depth: depth)
        let g = (0..<setup.samples).map { cos(Double($0)) }
        let pass = NetworkPass(setup.layout, samples: setup.samples, threads: Threads(1))
        let count = setup.layout.count
        #expect(count == 3 * 5 + 5 + (depth - 1) * (25 + 5) + 5 + 1)
        let gradient = Matrix(rows: count, columns: 1)
        for k in 0..<count { gradient[k, 0] = 100 }
        _ = pass.outputs(setup.weights.view, setup.inputs.view)
        pass.descend(
            setup.weights.view, setup.inputs.view, g, momentum: 0.5, velocity: gradient.view)
        func sum() -> Double { zip(setup.outputs(), g).reduce(0) { $0 + $1.0 * $1.1 } }
        var worst = 0.0
        for k in 0..<count {
            let (weight, h) = (setup.weights[k, 0], 1e-6)
            setup.weights[k, 0] = weight + h
            let above = sum()
            setup.weights[k, 0] = weight - h
            let below = sum()
            setup.weights[k, 0] = weight
            worst = max(worst, abs(gradient[k, 0] - 50 - (above - below) / (2 * h)))
        }
        print("gradient, \(activation), depth \(depth): within \(worst) of central differences")
        #expect(worst < 1e-7)
    }

    @Test("A pass of some samples at a time gives what one of all does, on any number of threads")
    func pieces() {
        for (activation, depth) in Self.kinds {
            let setup = Setup(activation, depth: depth)
            let whole = setup.outputs()
            let some = NetworkPass(setup.layout, samples: 4, threads: Threads(1))
                .outputs(setup.weights.view, setup.inputs.view)
            let shared = NetworkPass(setup.layout, samples: 9, threads: Threads(3))
                .outputs(setup.weights.view, setup.inputs.view)
            for (a, (b, c)) in zip(whole, zip(some, shared)) {
                #expect(abs(a - b) < 1e-13 && abs(a - c) < 1e-13)
            }
        }
    }

    @Test("The tangent kernel at the initial weights is the one that limits are solved with")
    func kernel() throws {
        for (activation, bias) in [(Activation.relu, 0.2), (.erf, 0.2), (.relu, 0)] {
            let sweep = smallSweep(
                activation: activation, biasScale: bias, oracle: 40, test: 10, width: .finite(12),
                model: .network, steps: [.finite(1)], sizes: [40], depth: 3)
            let samples = sweep.samples()
            let kernel = try sweep.kernel()
            let block = sweep.block(0)
            let start = NetworkStart(of: block, sweep.settings, samples, threads: Threads(1))!
            let pass = NetworkPass(start.layout, samples: 40, threads: Threads(1))
            let own = Matrix(rows: 40, columns: 40)
            _ = pass.outputs(start.weights.view, start.training.view)
            pass.fillTangentKernel(start.weights.view, start.training.view, into: own.view)
            for j in 0..<40 {
                for i in 0..<j {
                    #expect(
                        abs(own[i, j] - kernel.training[i, j]) < 1e-12 * abs(kernel.diagonal[j]))
                }
                #expect(abs(own[j, j] - kernel.diagonal[j]) < 1e-12 * kernel.diagonal[j])
            }
        }
    }
}
