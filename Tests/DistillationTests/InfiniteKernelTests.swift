import Foundation
import LinearAlgebra
import Sweep
import Testing

@testable import Distillation

struct InfiniteKernelTests {
    /// E of g(u) g(v) over (u, v) ~ N(0, [[q, s], [s, r]]) for smooth g, by the trapezoid rule,
    /// which converges geometrically.
    private func smoothMean(_ q: Double, _ s: Double, _ r: Double, _ g: (Double) -> Double)
        -> Double
    {
        let h = 0.02
        let nodes = Array(stride(from: -8.0, through: 8.0, by: h))
        let (a, c) = (sqrt(q), s / sqrt(q))
        let b = sqrt(max(r - c * c, 0))
        let sum = nodes.reduce(0) { sum, x in
            let inner = nodes.reduce(0) { $0 + g(c * x + b * $1) * exp(-$1 * $1 / 2) }
            return sum + g(a * x) * exp(-x * x / 2) * inner
        }
        return sum * h * h / (2 * .pi)
    }

    /// The same for g(t) = max(t, 0)^power: in polar coordinates the radius integrates to 2^power
    /// (power 0 or 1), which leaves the mean over the angle.
    private func angularMean(_ q: Double, _ s: Double, _ r: Double, power: Int) -> Double {
        let nodes = 500_000
        let (a, c) = (sqrt(q), s / sqrt(q))
        let b = sqrt(max(r - c * c, 0))
        let sum = (0..<nodes).reduce(0.0) { sum, node in
            let angle = 2 * .pi * (Double(node) + 0.5) / Double(nodes)
            let (u, v) = (a * cos(angle), c * cos(angle) + b * sin(angle))
            return u > 0 && v > 0 ? sum + (power == 0 ? 1 : 2 * u * v) : sum
        }
        return sum / Double(nodes)
    }

    @Test(
        "One layer is the Gaussian mean of the activations and of their slopes",
        arguments: [Activation.relu, .erf])
    func gaussianMeans(activation: Activation) throws {
        let sweep = smallSweep(
            dimension: 3, activation: activation, oracle: 3, test: 2, sizes: [1], depth: 1)
        let kernel = try sweep.kernel().dense()
        let samples = sweep.samples()
        let student = sweep.settings.student
        let (sw, sb) = (pow(student.weightScale, 2), pow(student.biasScale, 2))
        func S0(_ i: Int, _ j: Int) -> Double {
            sw / 3 * (0..<3).map { samples.inputs[$0, i] * samples.inputs[$0, j] }.reduce(0, +) + sb
        }
        for (i, j) in [(0, 1), (1, 2), (0, 3)] {
            let (q, s, r) = (S0(i, i), S0(i, j), S0(j, j))
            let value: Double
            let slope: Double
            switch activation {
            case .relu:
                value = angularMean(q, s, r, power: 1)
                slope = angularMean(q, s, r, power: 0)
            case .erf:
                value = smoothMean(q, s, r, erf)
                slope = smoothMean(q, s, r) { 2 / sqrt(.pi) * exp(-$0 * $0) }
            }
            let S1 = sw * value + sb
            let D1 = sw * slope
            let expected = S1 + S0(i, j) * D1
            #expect(
                abs(kernel[i][j] - expected) < 1e-5 * abs(expected),
                "\(activation) \(i) \(j): \(kernel[i][j]), not \(expected)")
        }
    }

    @Test("Duplicate samples get equal entries, opposite ones theta = pi, an all-zero one c = 1")
    func degenerate() throws {
        let inputs = Matrix(rows: 2, columns: 6)
        for (j, x) in [(0.3, -1.7), (0.3, -1.7), (-0.3, 1.7), (0, 0), (0, 0), (0.9, 0.2)]
            .enumerated()
        {
            (inputs[0, j], inputs[1, j]) = x
        }
        let student = Student(activation: .relu, weightScale: 2.0.squareRoot(), biasScale: 0)
        let training = Matrix(rows: 5, columns: 5)
        let cross = Matrix(rows: 5, columns: 1)
        let diagonal = InfiniteKernel(student: student, depth: 3).fill(
            Kernel.Target(training: training.view, cross: cross.view, threads: Threads(1)),
            inputs: inputs.view)
        #expect(abs(training[0, 1] - diagonal[0]) <= 4e-16 * diagonal[0])
        #expect(diagonal[0] == diagonal[1])
        // sb = 0: antipodes share no active unit, and a layer later both are positive.
        #expect(training[0, 2].isFinite && training[0, 2] < diagonal[0] / 2)
        for j in 0..<5 { #expect(training[min(j, 3), max(j, 3)] == 0 || j == 3) }
        #expect(diagonal[3] == 0 && cross[3, 0] == 0)
        #expect(abs(cross[0, 0] - cross[1, 0]) <= 4e-16 * abs(cross[0, 0]))
    }

    @Test("Without bias the relu kernel is homogeneous: K(2x, x') = 2 K(x, x')")
    func homogeneous() throws {
        let inputs = Matrix(rows: 3, columns: 4)
        for i in 0..<3 {
            inputs[i, 0] = [0.2, -1, 0.7][i]
            inputs[i, 1] = 2 * inputs[i, 0]
            inputs[i, 2] = [1.1, 0.4, -0.6][i]
            inputs[i, 3] = [0.3, 0.3, 2][i]
        }
        let student = Student(activation: .relu, weightScale: 1.3, biasScale: 0)
        let training = Matrix(rows: 4, columns: 4)
        let cross = Matrix(rows: 4, columns: 0)
        _ = InfiniteKernel(student: student, depth: 4).fill(
            Kernel.Target(training: training.view, cross: cross.view, threads: Threads(1)),
            inputs: inputs.view)
        for j in 2..<4 {
            #expect(abs(training[1, j] - 2 * training[0, j]) < 1e-14 * abs(training[1, j]))
        }
    }
}
