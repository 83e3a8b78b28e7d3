import Foundation
import Seeded
import LinearAlgebra
import Sweep
import Testing

@testable import Distillation

struct SamplesTests {
    @Test("Samples are drawn word by word as theory says", arguments: [1, 2, 5, 8])
    func mixture(d: Int) {
        let sweep = smallSweep(dimension: d, components: 3, oracle: 9, test: 4)
        let samples = sweep.samples(seed: 6)
        let centres = Stream(seed: 9, .centres).normals(3 * d)
        let stride = 4 * Int((Double(2 * ((d + 1) / 2) + 1) / 4).rounded(.up))
        for (id, offset, count) in [(StreamID.trainingSamples, 0, 9), (.testSamples, 9, 4)] {
            let stream = Stream(seed: 6, id)
            for i in 0..<count {
                let normals = (0..<(d + 1) / 2).flatMap { pair in
                    let word = i * stride + 2 * pair
                    return Array(stream.normals(word + 2)[word...])
                }
                let u = stream.uniform(i * stride + 2 * ((d + 1) / 2))
                let centre = Array(centres[Int(u * 3) * d..<(Int(u * 3) + 1) * d])
                let norm = sqrt(centre.map { $0 * $0 }.reduce(0, +))
                for a in 0..<d {
                    let expected = centre[a] / norm * 1.5 + 0.5 * normals[a]
                    #expect(abs(samples.inputs[a, offset + i] - expected) < 1e-14)
                }
            }
        }
    }

    @Test("Two components: the true logit is linear in x")
    func logit() {
        let sweep = smallSweep(dimension: 3, components: 2)
        let samples = sweep.samples()
        var centres = Stream(seed: 9, .centres).normals(6)
        for c in 0..<2 {
            let norm = sqrt(centres[3 * c..<3 * c + 3].map { $0 * $0 }.reduce(0, +))
            for a in 3 * c..<3 * c + 3 { centres[a] *= 1.5 / norm }
        }
        for i in 0..<samples.count {
            // Both centres have norm r, so the squares cancel.
            let expected = (0..<3).map {
                (centres[$0] - centres[3 + $0]) * samples.inputs[$0, i] / 0.25
            }.reduce(0, +)
            #expect(abs(samples.logits[i] - expected) < 1e-12 * max(1, abs(expected)))
            #expect(samples.labels[i] == decision(samples.logits[i]))
        }
    }

    @Test("Far from every centre the logit neither overflows nor loses its sign")
    func stableLogit() {
        let samples = smallSweep(spread: 1e-3, separation: 100).samples()
        #expect(samples.logits.allSatisfy { $0.isFinite && $0 != 0 })
    }

    @Test("Sampled labels are positive as often as the true logits say")
    func sampledLabels() {
        let samples = smallSweep(spread: 1.5, labels: .sampled, oracle: 4000, test: 4000).samples()
        let expected = samples.logits.map(sigmoid).reduce(0, +)
        let deviation = sqrt(samples.logits.map { sigmoid($0) * sigmoid(-$0) }.reduce(0, +))
        let positive = samples.labels.count { $0 == 1 }
        #expect(abs(Double(positive) - expected) < 5 * deviation)
        #expect(zip(samples.labels, samples.logits).contains { $0 != decision($1) })
    }

    @Test("The first samples are the same for every number of oracle samples")
    func nested() {
        let few = smallSweep(oracle: 10, test: 5).samples()
        let many = smallSweep(oracle: 50, test: 5).samples()
        #expect(Array(few.logits[..<10]) == Array(many.logits[..<10]))
        #expect(Array(few.logits[10...]) == Array(many.logits[50...]))
    }
}

struct TableSamplesTests {
    private func table(rows: Int) -> Table {
        Table(
            dimension: 3,
            features: (0..<rows).flatMap { [Double($0), 7, Double($0 * $0 % 11)] },
            labels: (0..<rows).map { $0 % 3 == 0 }, teacherLogits: (0..<rows).map { Double($0) - 5 }
        )
    }

    private func sweep(oracle: Int, test: Int, sizes: [Int]) -> Sweep {
        var sweep = smallSweep(oracle: oracle, test: test, sizes: sizes)
        sweep.settings.learningTask = .table(
            TableReference(
                file: "/t.csv", digest: "", label: "y", teacherLogit: "z",
                features: ["a", "b", "c"]))
        return sweep
    }

    @Test("Test rows come from the end of the seed's order, and don't touch the statistics")
    func split() {
        let table = table(rows: 40)
        let samples = sweep(oracle: 12, test: 8, sizes: [4]).samples(seed: 5, table: table)
        let stream = Stream(seed: 5, .split)
        let order = (0..<40).sorted { (stream.word($0), $0) < (stream.word($1), $1) }
        let chosen = Array(order[..<12]) + Array(order[32...])
        #expect(samples.logits == chosen.map { Double($0) - 5 })
        #expect(samples.labels == chosen.map { $0 % 3 == 0 ? 1 : 0 })
        let known = order[..<32].map(Double.init)
        let mean = known.reduce(0, +) / 32
        let deviation = sqrt(known.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 32)
        for (column, row) in chosen.enumerated() {
            #expect(abs(samples.inputs[0, column] - (Double(row) - mean) / deviation) < 1e-13)
            #expect(samples.inputs[1, column] == 0)
        }
    }

    @Test("A column in any unit gives the same samples, and in a power of two the same bits")
    func units() throws {
        var generator = SeededGenerator(seed: 3)
        let plain = (0..<120).map { _ in Double.random(in: -2...5, using: &generator) }
        func samples(scaled scale: Double) -> [Double] {
            let table = Table(
                dimension: 3, features: plain.map { $0 * scale },
                labels: (0..<40).map { $0 % 2 == 0 }, teacherLogits: Array(repeating: 1, count: 40))
            let samples = sweep(oracle: 12, test: 8, sizes: [4]).samples(seed: 5, table: table)
            return (0..<20).flatMap { j in (0..<3).map { samples.inputs[$0, j] } }
        }
        let expected = samples(scaled: 1)
        for scale in [0x1p500, 0x1p-500, 0x1p900, 0x1p-900, 0x1p1020, 0x1p-960] {
            #expect(samples(scaled: scale) == expected, "\(scale)")
        }
        for scale in [1e200, 1e-200, 1e305, 1e-290, -1e200] {
            for (x, y) in zip(samples(scaled: scale), expected) {
                #expect(abs(x - (scale < 0 ? -y : y)) < 1e-13, "\(scale)")
            }
        }
    }

    /// The formula as it stands in theory, which ordinary columns have always had.
    @Test("Ordinary columns keep every bit")
    func ordinary() throws {
        var generator = SeededGenerator(seed: 4)
        for scale in [1.0, 1e-9, 3e7, 1e60, 1e-60] {
            let values = (0..<37).map { _ in scale * Double.random(in: 1...2, using: &generator) }
            let mean = values.reduce(0, +) / Double(values.count)
            let variance =
                values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
            let standardised = values.withUnsafeBufferPointer { Standardisation(of: $0) }
            for value in values + [0, -3 * scale] {
                #expect(standardised(value) == (value - mean) / variance.squareRoot())
            }
        }
        let adjacent = [1.0, 1.0.nextUp, 1.0]
        let standardised = adjacent.withUnsafeBufferPointer { Standardisation(of: $0) }
        #expect(abs(standardised(1.0.nextUp) - standardised(1)) > 1)
    }

    @Test("A test row too far from the others is refused with its column's name, for its seed only")
    func far() throws {
        var features = (0..<40).flatMap { [Double($0), 7e-200 * Double($0), Double($0 % 5)] }
        features[3 * 17 + 1] = 1e200
        let table = Table(
            dimension: 3, features: features, labels: (0..<40).map { $0 % 2 == 0 },
            teacherLogits: Array(repeating: 1, count: 40))
        var sweep = sweep(oracle: 12, test: 8, sizes: [4])
        let isTest = { (seed: Int) in
            !TableSplit(settings: sweep.settings, rows: 40, seed: seed).known.contains(17)
        }
        let seeds = (0..<50).map { $0 }
        let (bad, good) = (seeds.first(where: isTest)!, seeds.first { !isTest($0) }!)
        sweep.grid.seed = [good]
        #expect(unusableColumn(of: table, in: sweep) == nil)
        _ = sweep.samples(seed: good, table: table)
        sweep.grid.seed = [good, bad]
        let fault = try #require(unusableColumn(of: table, in: sweep))
        #expect(fault.column == "b" && fault.problem.hasSuffix("(seed \(bad))"), "\(fault)")
        let error = #expect(throws: SolveError.self) {
            _ = try Samples(settings: sweep.settings, table: table, seed: bad).count
        }
        #expect(error?.description.hasPrefix("column b: a test row is so far") == true)
    }

    @Test("Duplicate rows make the kernel singular from the second one on")
    func duplicates() throws {
        // Thirty rows, all but the labels alike in pairs.
        let features: [Double] = (0..<30).flatMap { row -> [Double] in
            let pair = Double(row / 2)
            return [pair, sin(pair), pair.truncatingRemainder(dividingBy: 5)]
        }
        let table = Table(
            dimension: 3, features: features, labels: (0..<30).map { $0 % 2 == 0 },
            teacherLogits: (0..<30).map { Double($0 % 7) - 3 })
        let sweep = sweep(oracle: 20, test: 10, sizes: Array(1...20))
        let stream = Stream(seed: 0, .split)
        let order = (0..<30).sorted { (stream.word($0), $0) < (stream.word($1), $1) }
        let pivot = (1...20).first { k in
            order[..<(k - 1)].contains { $0 / 2 == order[k - 1] / 2 }
        }!
        for row in try solveAll(sweep, table: table) {
            let n = sweep.grid[row.cell].sampleSize
            #expect(row.status == (n < pivot ? .ok : .singular))
            #expect(sweep.value(.weightNorm, of: row).isNaN == (n >= pivot))
            #expect(!sweep.value(.teacherError, of: row).isNaN)
            // f_N does not exist, for any sample size.
            for metric in [Metric.oracleRisk, .oracleTransferRisk, .oracleAngle, .riskBound] {
                #expect(sweep.value(metric, of: row).isNaN)
            }
            #expect(sweep.value(.weightNormNext, of: row).isNaN == (n + 1 >= pivot))
        }
    }
}

struct TeacherTests {
    @Test("Smooth noise has unit variance over its seeds and varies over its lengthscale")
    func smooth() {
        let inputs = Matrix.zeros(rows: 2, columns: 3)
        (inputs[0, 1], inputs[0, 2]) = (0.01, 3)
        var (square, near, far) = (0.0, 0.0, 0.0)
        let seeds = 400
        for seed in 0..<seeds {
            let e = SmoothNoise(dimension: 2, lengthscale: 0.5, seed: seed)
                .values(at: inputs.view, threads: Threads(1))
            square += e[0] * e[0] / Double(seeds)
            near += e[0] * e[1] / Double(seeds)
            far += e[0] * e[2] / Double(seeds)
        }
        #expect(abs(square - 1) < 5 * sqrt(2 / Double(seeds)), "\(square)")
        #expect(abs(near - square * exp(-0.0002)) < 0.02)
        // The covariance is exp(-|x - x'|^2 / 2 lengthscale^2): 1e-8 six lengthscales away.
        #expect(abs(far) < 5 / sqrt(Double(seeds)), "\(far)")
    }

    @Test("A level of 0 leaves the teacher perfect; flip turns the stated share")
    func levels() {
        for model in [NoiseModel.smooth(lengthscale: 1), .gaussian, .flip] {
            let samples = smallSweep(noise: model, oracle: 3000, test: 10).samples()
            let teacher = Teacher(of: samples, noise: model, seed: 0, threads: Threads(1))
            #expect(teacher.logits(noiseLevel: 0) == samples.logits)
            guard case .flip = model else { continue }
            let turned = zip(teacher.logits(noiseLevel: 0.3), samples.logits).count { $0 != $1 }
            #expect(abs(Double(turned) / 3010 - 0.3) < 0.05)
            #expect(teacher.logits(noiseLevel: 1) == samples.logits.map { -$0 })
        }
    }
}
