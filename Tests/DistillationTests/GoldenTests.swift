import Foundation
import Sweep
import Testing

@testable import Distillation

let mixture = Sweep(
    name: "mixture",
    settings: Settings(
        learningTask: .gaussianMixture(
            GaussianMixture(dimension: 10, components: 8, spread: 0.6, separation: 1.5, seed: 7)),
        student: Student(activation: .relu, weightScale: 2.0.squareRoot(), biasScale: 0.1),
        teacherNoise: .smooth(lengthscale: 1), hardLabelSmoothing: 0.001, oracleSamples: 512,
        testSamples: 1000),
    grid: Grid(
        width: [.infinite, .finite(128)],
        sampleSize: (0..<6).map {
            Int((32 * pow(362.0 / 32, Double($0) / 5)).rounded(.toNearestOrEven))
        }, softRatio: [0, 0.25, 0.5, 0.75, 1], teacherNoise: [0, 1, 3], temperature: [1],
        depth: [3], ridge: [0], seed: [0, 1]), metrics: Metric.allCases)
let erfFlip = Sweep(
    name: "erf",
    settings: Settings(
        learningTask: .gaussianMixture(
            GaussianMixture(
                dimension: 5, components: 3, spread: 0.8, separation: 2, labels: .sampled, seed: 1)),
        student: Student(activation: .erf, weightScale: 1.5, biasScale: 0.1), teacherNoise: .flip,
        hardLabelSmoothing: 0.01, oracleSamples: 300, testSamples: 500),
    grid: Grid(
        width: [.infinite, .finite(96)], sampleSize: [10, 75, 300], softRatio: [0, 0.3, 1],
        teacherNoise: [0, 0.2], temperature: [1, 4], depth: [1, 2], ridge: [0], seed: [5]),
    metrics: Metric.allCases)

@Test(arguments: [mixture, erfFlip]) func golden(_ sweep: Sweep) throws {
    let solver = BlockSolver(sweep: sweep, table: nil, threads: 1)
    var rows: [Row] = []
    for b in 0..<sweep.blockCount { rows += try solver.solve(sweep.block(b)) }
    rows.sort { $0.cell < $1.cell }
    let dir = Bundle.module.url(forResource: "Fixtures", withExtension: nil)!
    let g = try Golden(
        dir.appendingPathComponent(sweep.name == "erf" ? "erf-flip.csv" : "mixture.csv"))
    let faults = g.faults(of: rows, sweep: sweep)
    print(faults.count, faults.prefix(20).joined(separator: "\n"))
    #expect(faults.isEmpty)
}
