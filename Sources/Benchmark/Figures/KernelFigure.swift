import Distillation
import Foundation
import LinearAlgebra
import Seeded
import Sweep

/// The infinite relu kernel of 4096 samples, depth 3, on one thread: an element is a pair above the
/// diagonal. Against a loop that reads and writes what each layer must (S and K), and against the
/// formulas with Foundation's functions.
///
/// Where the time goes: BLAS takes 0.6 to 0.7 ns for S_0 (64 flops a pair), and the layers' loop the rest, for
/// two square roots and some 25 fused multiplications a vector.
func kernelFigure() -> [Measurement] {
    let (count, dimension, depth) = (4096, 32, 3)
    var generator = SeededGenerator(seed: 3)
    let inputs = Matrix(rows: dimension, columns: count)
    for i in 0..<count {
        for a in 0..<dimension { inputs[a, i] = .random(in: -1...1, using: &generator) }
    }
    let ours = Matrix.zeros(rows: count, columns: count)
    let plain = Matrix.zeros(rows: count, columns: count)
    let student = Student(activation: .relu, weightScale: 2.0.squareRoot(), biasScale: 0.1)
    let nothing = Matrix(rows: count, columns: 0)
    let target = Kernel.Target(training: ours.view, cross: nothing.view, threads: Threads(1))
    setBLASThreads(1)
    let elements = Double(count * (count - 1) / 2 * depth)
    var (kernel, memory, scalar) = (Double.infinity, Double.infinity, Double.infinity)
    for _ in 0..<5 {
        let time = wallTime {
            _ = InfiniteKernel(student: student, depth: depth).fill(target, inputs: inputs.view)
        }
        kernel = min(kernel, time / .nanoseconds(1) / elements)
        memory = min(memory, wallTime { touch(plain.view, depth) } / .nanoseconds(1) / elements)
    }
    let slow = ScalarKernel(student: student, depth: depth, inputs: inputs.view)
    scalar = wallTime { slow.fill(plain.view) } / .nanoseconds(1) / elements
    precondition(largestGap(ours.view, plain.view) < 1e-12, "both are the same kernel")
    let what = "an element and layer of the infinite kernel"
    let own = "\(rounded(kernel)) ns"
    let limit = hasWideVectors ? 2.0 : 4
    return [
        Measurement(
            what: what, ours: own, other: "1 ns", ratio: kernel, target: .atMost(limit),
            isAbsolute: true),
        Measurement(
            what: what, ours: own, other: "\(rounded(memory)) ns, its memory read and written",
            ratio: kernel / memory, target: nil),
        Measurement(
            what: what, ours: own, other: "\(rounded(scalar)) ns, a loop with Foundation's acos",
            ratio: scalar / kernel, target: .atLeast(5)),
    ]
}

/// Reads and writes each element above the diagonal as often as a kernel has layers.
private func touch(_ matrix: View, _ depth: Int) {
    for _ in 0..<depth {
        for j in 0..<matrix.columns {
            let column = matrix.column(j)
            for i in 0..<j { column[i] += 1 }
        }
    }
}

private func largestGap(_ a: View, _ b: View) -> Double {
    var gap = 0.0
    for j in 0..<a.columns {
        for i in 0..<j { gap = max(gap, abs(a[i, j] - b[i, j]) / abs(b[i, j])) }
    }
    return gap
}

/// The recursion of `InfiniteKernel` written plainly, as a loop over pairs.
private struct ScalarKernel {
    let student: Student
    let depth: Int
    let inputs: View

    func fill(_ target: View) {
        let weight = student.weightScale * student.weightScale
        let bias = student.biasScale * student.biasScale
        let factor = weight / (2 * .pi)
        // q of each sample at layer 0. Each layer above applies the same affine map to it.
        let squares = (0..<inputs.columns).map { i in
            weight / Double(inputs.rows)
                * dot(inputs.column(i), inputs.column(i), count: inputs.rows) + bias
        }
        multiply(
            transposed: inputs, inputs, alpha: weight / Double(inputs.rows), into: target)
        for j in 0..<target.columns {
            let column = target.column(j)
            for i in 0..<j {
                var s = column[i] + bias
                var k = s
                var (q, r) = (squares[i], squares[j])
                for _ in 0..<depth {
                    let scale = (q * r).squareRoot()
                    let c = min(max(s / scale, -1), 1)
                    let angle = .pi - acos(c)
                    s = factor * scale * ((1 - c * c).squareRoot() + angle * c) + bias
                    k = s + k * factor * angle
                    q = weight / 2 * q + bias
                    r = weight / 2 * r + bias
                }
                column[i] = k
            }
        }
    }
}

/// Whether the processor has AVX-512, as Linux tells.
private var hasWideVectors: Bool {
    let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
    return text?.contains(" avx512f ") ?? false
}
