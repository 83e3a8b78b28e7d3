import CElementwise
import Foundation
import LinearAlgebra
import Sweep

/// The teacher of one seed: z_t for any teacher noise level eta, over the training samples and then
/// the test samples.
struct Teacher {
    private let trueLogits: [Double]
    private let noise: Noise

    /// The noise of each sample, before eta is applied.
    private enum Noise {
        /// z_t = z_g + eta e
        case added([Double])
        /// z_t = -z_g where u < eta
        case flipped([Double])
    }

    init(of samples: borrowing Samples, noise model: NoiseModel, seed: Int, threads: Threads) {
        trueLogits = samples.logits
        let streams = (Stream(seed: seed, .trainingNoise), Stream(seed: seed, .testNoise))
        switch model {
        case .smooth(let lengthscale):
            let smooth = SmoothNoise(
                dimension: samples.inputs.rows, lengthscale: lengthscale, seed: seed)
            noise = .added(smooth.values(at: samples.inputs.view, threads: threads))
        case .gaussian:
            noise = .added(streams.0.normals(samples.training) + streams.1.normals(samples.test))
        case .flip:
            noise = .flipped(
                (0..<samples.training).map(streams.0.uniform)
                    + (0..<samples.test).map(streams.1.uniform))
        }
    }

    /// z_t at teacher noise level eta: N + M logits.
    func logits(noiseLevel eta: Double) -> [Double] {
        switch noise {
        case .added(let e): zip(trueLogits, e).map { z, e in z + eta * e }
        case .flipped(let u): zip(trueLogits, u).map { z, u in u < eta ? -z : z }
        }
    }
}

/// e(x) = sqrt(2/K) sum_k a_k cos(w_k . x / lengthscale + 2 pi u_k), K = 512: one fixed smooth
/// function of unit variance. A teacher with this noise is wrong in whole regions.
struct SmoothNoise: ~Copyable {
    private static let waves = Int(NoiseModel.waves)
    /// w_k / (pi lengthscale), d x K: the arguments of the cosine are in half turns.
    private let frequencies: Matrix
    /// 2 u_k
    private let phases: [Double]
    /// sqrt(2/K) a_k
    private let amplitudes: [Double]

    init(dimension: Int, lengthscale: Double, seed: Int) {
        let waves = Self.waves
        frequencies = Matrix(rows: dimension, columns: waves)
        let target = frequencies.view.start
        Stream(seed: seed, .noiseFrequencies)
            .fillNormals(from: 0, count: dimension * waves, into: target)
        for index in 0..<dimension * waves { target[index] /= lengthscale * .pi }
        let uniforms = Stream(seed: seed, .noisePhases)
        phases = (0..<waves).map { 2 * uniforms.uniform($0) }
        let scale = (2 / Double(waves)).squareRoot()
        amplitudes = Stream(seed: seed, .noiseAmplitudes).normals(waves).map { scale * $0 }
    }

    /// e at each column of `inputs` (d x count). O(512 d count), in pieces that fit in cache.
    func values(at inputs: View, threads: Threads) -> [Double] {
        var values = [Double](repeating: 0, count: inputs.columns)
        let piece = 128
        let arguments = Matrix(rows: Self.waves, columns: piece)
        values.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let values = buffer.baseAddress!
            for first in stride(from: 0, to: inputs.columns, by: piece) {
                let columns = first..<min(first + piece, inputs.columns)
                let phase = arguments.view[0..<Self.waves, 0..<columns.count]
                multiply(transposed: frequencies.view, inputs[columns: columns], into: phase)
                threads.forEach(below: columns.count) { [phases, amplitudes] j in
                    let w = phase.column(j)
                    for k in 0..<Self.waves { w[k] += phases[k] }
                    elementwise_cosine(w, w, Self.waves)
                    values[first + j] = dot(w, amplitudes, count: Self.waves)
                }
            }
        }
        return values
    }
}
