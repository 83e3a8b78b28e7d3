import LinearAlgebra
import Sweep

@testable import Distillation

/// A sweep of one kernel, with every metric, that a test narrows to its own question.
func smallSweep(
    dimension: Int = 4, components: Int = 4, spread: Double = 0.5, separation: Double = 1.5,
    labels: HardLabels = .deterministic, activation: Activation = .relu, biasScale: Double = 0.1,
    noise: NoiseModel = .smooth(lengthscale: 1), smoothing: Double = 1e-3, oracle: Int = 96,
    test: Int = 80, width: Width = .infinite, model: Model = .linearised,
    steps: [Steps] = [.infinite], training: Training = .standard,
    scaling: TemperatureScaling = .none, sizes: [Int] = [8, 24, 48],
    softRatios: [Double] = [0, 0.4, 1],
    noises: [Double] = [0, 1], temperatures: [Double] = [1], depth: Int = 2, ridges: [Double] = [0],
    seeds: [Int] = [0], metrics: [Metric] = Metric.allCases
) -> Sweep {
    Sweep(
        name: "small",
        settings: Settings(
            learningTask: .gaussianMixture(
                GaussianMixture(
                    dimension: dimension, components: components, spread: spread,
                    separation: separation, labels: labels, seed: 9)),
            student: Student(
                activation: activation, weightScale: activation.defaultWeightScale,
                biasScale: biasScale),
            teacherNoise: noise, hardLabelSmoothing: smoothing, temperatureScaling: scaling,
            training: training, oracleSamples: oracle, testSamples: test),
        grid: Grid(
            width: [width], model: [model], steps: steps, sampleSize: sizes, softRatio: softRatios,
            teacherNoise: noises,
            temperature: temperatures, depth: [depth], ridge: ridges, seed: seeds),
        metrics: metrics)
}

/// The rows of every block, by cell number.
func solveAll(_ sweep: Sweep, table: Table? = nil, threads: Int = 1) throws -> [Row] {
    let solver = BlockSolver(sweep: sweep, table: table, threads: threads)
    var rows: [Row] = []
    for number in 0..<sweep.blockCount { rows += try solver.solve(sweep.block(number)) }
    return rows.sorted { $0.cell < $1.cell }
}

extension Sweep {
    func value(_ metric: Metric, of row: Row) -> Double {
        row.values[metrics.firstIndex(of: metric)!]
    }

    func samples(seed: Int = 0, table: Table? = nil) -> Samples {
        do { return try Samples(settings: settings, table: table, seed: seed) } catch {
            preconditionFailure("these can be drawn: \(error)")
        }
    }

    /// The kernel of the sweep's only block.
    func kernel() throws -> Kernel {
        let block = block(0)
        return try Kernel(
            student: settings.student, width: block.width, depth: block.depth, seed: block.seed,
            samples: samples(seed: block.seed), threads: Threads(1))
    }
}

extension Kernel {
    /// K(X, [X x]) in full, row by row.
    func dense() -> [[Double]] {
        let N = training.rows
        return (0..<N).map { i in
            (0..<N).map { j in
                i == j ? diagonal[i] : training[min(i, j), max(i, j)]
            } + (0..<cross.columns).map { cross[i, $0] }
        }
    }
}
