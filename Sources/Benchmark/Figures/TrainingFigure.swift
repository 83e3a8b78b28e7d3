import COpenBLAS
import Distillation
import LinearAlgebra
import Sweep

/// A step of gradient descent against its bare products, on one thread: of 99 linearised students together, and of
/// one network of depth 3.
///
/// A step's time is the difference between two trainings, one with many steps more, so that neither the kernel nor
/// the metrics count.
func trainingFigure() throws -> [Measurement] {
    let linearised = try [(800, 1.25), (128, 1.6)].map { n, target in
        try compare(
            what: "a step of 99 linearised students, n = \(n)",
            trainingSweep(samples: n, width: .infinite, softRatios: 99),
            BareStep(samples: n, students: 99), target: target)
    }
    let networks = try [(800, 256, 1.25), (800, 1024, 1.25), (128, 64, 1.8), (128, 16, 3)].map {
        n, width, target in
        try compare(
            what: "a step of a network, width \(width), n = \(n)",
            trainingSweep(samples: n, width: .finite(width), softRatios: 1),
            BareStep(samples: n, width: width, dimension: 8, depth: 3), target: target)
    }
    return linearised + networks
}

private func compare(
    what: String, _ sweep: Sweep, _ bare: borrowing BareStep, target: Double
) throws -> Measurement {
    setBLASThreads(1)
    // As many steps as take some hundred milliseconds.
    let estimate = bare.time(steps: 3)
    let steps = max(10, Int(0.1 / (estimate / .seconds(1))))
    func train(_ steps: Int) throws -> Duration {
        var sweep = sweep
        sweep.grid.steps = [.finite(steps)]
        let solver = BlockSolver(sweep: sweep, threads: 1)
        return try wallTime { _ = try solver.solve(sweep.block(0)) }
    }
    var (ours, limit) = (Duration.seconds(1000), Duration.seconds(1000))
    var (short, long) = (ours, ours)
    for _ in 0..<7 {
        limit = min(limit, bare.time(steps: steps))
        short = min(short, try train(1))
        long = min(long, try train(1 + steps))
    }
    ours = (long - short) / steps
    return Measurement(
        what: what, ours: "\(rounded(ours / .microseconds(1))) us",
        other: "\(rounded(limit / .microseconds(1))) us, bare products", ratio: ours / limit,
        target: .atMost(target))
}

/// A sweep of one block, d = 8, with one sample size and one metric.
private func trainingSweep(samples: Int, width: Width, softRatios: Int) -> Sweep {
    var sweep = largeBlock(width: width, softRatios: softRatios)
    sweep.settings.learningTask = .gaussianMixture(
        GaussianMixture(dimension: 8, components: 8, spread: 0.5, separation: 2))
    (sweep.settings.oracleSamples, sweep.settings.testSamples) = (samples, 16)
    sweep.grid.model = [width == .infinite ? .linearised : .network]
    sweep.grid.sampleSize = [samples]
    sweep.grid.softRatio = (0..<softRatios).map { Double($0 + 1) / Double(softRatios + 1) }
    sweep.grid.teacherNoise = [0.5]
    sweep.metrics = [.studentError]
    return sweep
}

/// The matrix products that every program needs for a step, on matrices of these shapes with arbitrary contents.
private struct BareStep: ~Copyable {
    private let n: Int
    /// For linearised students: K_n and a. For a network: fan_in of each layer, the largest activations, deltas and
    /// weights.
    private let fanIns: [Int]
    private let width: Int
    private let a, b, weights, result: Matrix

    /// K_n a
    init(samples n: Int, students: Int) {
        self.n = n
        (fanIns, width) = ([], students)
        a = .filled(rows: n, columns: n, scale: 1)
        b = .filled(rows: n, columns: students, scale: 1)
        weights = Matrix(rows: 0, columns: 0)
        result = .zeros(rows: n, columns: students)
    }

    /// Forward, back to the first layer, and the gradient of every layer's weights: 6 n P operations for a wide
    /// network.
    init(samples n: Int, width: Int, dimension: Int, depth: Int) {
        self.n = n
        self.width = width
        fanIns = [dimension] + [Int](repeating: width, count: depth - 1)
        a = .filled(rows: n, columns: max(width, dimension), scale: 1)
        b = .filled(rows: n, columns: width, scale: 1)
        weights = .filled(rows: width, columns: max(width, dimension), scale: 1 / Double(width))
        result = .zeros(rows: max(n, width), columns: max(width, dimension))
    }

    /// Wall time of a step, the mean of so many.
    func time(steps: Int) -> Duration {
        wallTime {
            for _ in 0..<steps {
                if fanIns.isEmpty {
                    Bare.multiply(a.view, b.view, into: result.view)
                } else {
                    network()
                }
            }
        } / steps
    }

    private func network() {
        let output = View(result.view.start, rows: n, columns: width, stride: n)
        for fanIn in fanIns {
            Bare.multiply(
                a.view[columns: 0..<fanIn], transposed: weights.view[columns: 0..<fanIn],
                into: output)
        }
        Bare.multiply(b.view, vector: weights.view.start, into: result.view.start)
        Bare.multiply(transposed: b.view, vector: a.view.start, into: result.view.start)
        for fanIn in fanIns {
            let gradient = View(result.view.start, rows: width, columns: fanIn, stride: width)
            Bare.multiply(transposed: b.view, a.view[columns: 0..<fanIn], into: gradient)
        }
        for fanIn in fanIns.dropFirst() {
            Bare.multiply(b.view, weights.view[columns: 0..<fanIn], into: output)
        }
    }
}
