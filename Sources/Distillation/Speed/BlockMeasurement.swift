import Sweep

extension SpeedMeasurement {
    /// Measures what a test point, a cell and a task cost, on blocks with so few samples that little else
    /// takes time.
    mutating func blocks() throws {
        func solve(testSamples: Int, softRatios: Int, sizes: Int) throws -> Double {
            var sweep = Self.sweep(
                samples: 8, testSamples: testSamples, softRatios: softRatios)
            sweep.grid.sampleSize = Array(1...sizes)
            let solver = BlockSolver(sweep: sweep, threads: threads.count)
            return try time("block \(testSamples) \(softRatios) \(sizes)") {
                _ = try solver.solve(sweep.block(0))
            }
        }
        let one = try solve(testSamples: 1, softRatios: 1, sizes: 1)
        let (few, many) = (
            try solve(testSamples: 1, softRatios: 16, sizes: 1),
            try solve(testSamples: 1, softRatios: 64, sizes: 8)
        )
        note(.task, one)
        note(.cell, (many - few) / (64 * 8 - 16))
        // Both have the same right-hand sides, so the difference is the time of seven more sample sizes.
        let (short, long) = (
            try solve(testSamples: 1000, softRatios: 32, sizes: 1),
            try solve(testSamples: 1000, softRatios: 32, sizes: 8)
        )
        note(.testPoint, (long - short) / (32 * 7 * 1000) - rates[.cell]!.seconds[0] / 1000)
    }

    /// Measures `excess`: how much longer whole blocks take than their counted operations. In a whole block
    /// less is in cache than when one operation is repeated, and some work isn't counted.
    mutating func wholes() throws {
        excess = .init(orders: [], seconds: [])
        for samples in [64, 256, 768] {
            var sweep = Self.sweep(samples: samples, testSamples: samples, softRatios: 16)
            sweep.settings.teacherNoise = .smooth(lengthscale: 2)
            sweep.grid.width = [.finite(64), .infinite]
            sweep.grid.sampleSize = [samples / 4, samples / 2, samples]
            sweep.grid.depth = [2]
            let solver = BlockSolver(sweep: sweep, threads: threads.count)
            let counted = MachineSpeed(rates: rates, excess: .init(orders: [0], seconds: [1]))
            var (seconds, sum) = (0.0, 0.0)
            for number in 0..<sweep.blockCount {
                let block = sweep.block(number)
                seconds += try typicalTime("\(samples) \(number)") {
                    _ = try solver.solve(block)
                }
                sum += counted.seconds(of: OperationCounts(of: block, in: sweep)).values.reduce(
                    0, +)
            }
            excess.orders.append(samples)
            excess.seconds.append(seconds / sum)
        }
    }

    /// A sweep with one block, of infinite width, depth 1 and one sample size, with every metric.
    static func sweep(samples: Int, testSamples: Int, softRatios: Int) -> Sweep {
        Sweep(
            name: "measurement",
            settings: Settings(
                learningTask: .gaussianMixture(
                    GaussianMixture(dimension: 4, components: 8, spread: 0.5, separation: 2)),
                student: Student(
                    activation: .relu, weightScale: Activation.relu.defaultWeightScale,
                    biasScale: 0.1),
                teacherNoise: .gaussian, hardLabelSmoothing: 0.001, oracleSamples: samples,
                testSamples: testSamples),
            grid: Grid(
                width: [.infinite], sampleSize: [1],
                softRatio: (0..<softRatios).map { Double($0) / Double(softRatios) },
                teacherNoise: [1], temperature: [1], depth: [1], ridge: [0], seed: [0]),
            metrics: Metric.allCases)
    }
}
