import Distillation
import LinearAlgebra
import Sweep

/// A block of 7 sample sizes and 99 right-hand sides, all metrics, against the BLAS calls that every program
/// needs for it, on two threads.
func blockOverhead(width: Width) throws -> Measurement {
    let sweep = largeBlock(width: width, softRatios: 11)
    let solver = BlockSolver(sweep: sweep, threads: 2)
    let bare = BareBlock(sweep: sweep, width: width)
    var (ours, limit) = (Duration.seconds(1000), Duration.seconds(1000))
    for _ in 0..<5 {
        ours = min(ours, try wallTime { _ = try solver.solve(sweep.block(0)) })
        limit = min(limit, bare.run())
    }
    let name =
        switch width {
        case .infinite: "infinite width"
        case .finite(let width): "width \(width)"
        }
    return Measurement(
        what: "a block, \(name), N = \(sweep.settings.oracleSamples)",
        ours: "\(milliseconds(ours)) ms", other: "\(milliseconds(limit)) ms, bare BLAS calls",
        ratio: ours / limit, target: .atMost(width == .infinite ? 1.25 : 1.2))
}

/// What the verification of a block's products, factor and solves costs.
func verificationCost(width: Width) throws -> Measurement {
    let sweep = largeBlock(width: width, softRatios: 11)
    let solver = BlockSolver(sweep: sweep, threads: 2)
    var (verified, trusting) = (Duration.seconds(1000), Duration.seconds(1000))
    func solve() throws -> Duration { try wallTime { _ = try solver.solve(sweep.block(0)) } }
    for _ in 0..<5 {
        verified = min(verified, try solve())
        trusting = min(trusting, try Verification.suspended(solve))
    }
    return Measurement(
        what: "a verified block, width \(width)", ours: "\(milliseconds(verified)) ms",
        other: "\(milliseconds(trusting)) ms, not verified", ratio: verified / trusting,
        target: .atMost(1.04))
}

/// What an added cell costs, against a cell that is solved alone. The first is the difference between a block
/// of 9,900 right-hand sides and one of 99, for each added cell.
func cellScaling() throws -> Measurement {
    var alone = largeBlock(width: .infinite, softRatios: 1)
    alone.grid.sampleSize = [4096]
    alone.grid.teacherNoise = [1]
    func time(_ sweep: Sweep) throws -> Duration {
        let solver = BlockSolver(sweep: sweep, threads: 2)
        return try wallTime { _ = try solver.solve(sweep.block(0)) }
    }
    let (few, many) = (
        largeBlock(width: .infinite, softRatios: 11), largeBlock(width: .infinite, softRatios: 1100)
    )
    let lone = try time(alone)
    let base = try time(few)
    let added = (try time(many) - base) / (many.grid.count - few.grid.count)
    return Measurement(
        what: "a cell more in a block, 99 to 9,900 columns",
        ours: "\(rounded(added / .microseconds(1))) us",
        other: "\(milliseconds(lone)) ms, a cell alone", ratio: added / lone,
        target: .atMost(0.001))
}

/// A sweep of one block: d = 32, depth 3, relu; N = 4096, 2048 test points, sample sizes from 64 to 4096;
/// nine noise levels and `softRatios` soft ratios.
func largeBlock(width: Width, softRatios: Int) -> Sweep {
    Sweep(
        name: "bench",
        settings: Settings(
            learningTask: .gaussianMixture(
                GaussianMixture(dimension: 32, components: 8, spread: 0.5, separation: 2)),
            student: Student(activation: .relu, weightScale: 2.0.squareRoot(), biasScale: 0.1),
            teacherNoise: .smooth(lengthscale: 2.5), hardLabelSmoothing: 0.001,
            oracleSamples: 4096, testSamples: 2048),
        grid: Grid(
            width: [width], sampleSize: (0..<7).map { 64 << $0 },
            softRatio: (0..<softRatios).map { Double($0) / Double(softRatios - 1) },
            teacherNoise: (0..<9).map { Double($0) / 8 }, temperature: [1], depth: [3], ridge: [0],
            seed: [0]),
        metrics: Metric.allCases)
}

/// Wall time of one call.
func wallTime(_ body: () throws -> Void) rethrows -> Duration {
    let clock = ContinuousClock()
    let start = clock.now
    try body()
    return clock.now - start
}

func milliseconds(_ duration: Duration) -> Int { Int((duration / .milliseconds(1)).rounded()) }
