import Foundation
import LinearAlgebra
import Sweep
import Testing

@testable import Distillation

struct BlockSolverTests {
    @Test(
        "The student meets its samples",
        arguments: [Width.infinite, .finite(256)], [Activation.relu, .erf])
    func interpolates(width: Width, activation: Activation) throws {
        let sweep = smallSweep(activation: activation, width: width, sizes: [1, 17, 96])
        let residuals = try solveAll(sweep).map { sweep.value(.trainResidual, of: $0) }
        #expect(residuals.allSatisfy { $0 < 1e-9 }, "\(residuals.max()!)")
    }

    @Test("A plain Gaussian elimination for each cell gives the same metrics", arguments: [0, 0.3])
    func agreesWithElimination(ridge: Double) throws {
        let sweep = smallSweep(oracle: 40, test: 60, sizes: [1, 7, 20, 40], ridges: [ridge])
        let kernel = try sweep.kernel().dense()
        let samples = sweep.samples()
        let teacher = Teacher(
            of: samples, noise: sweep.settings.teacherNoise, seed: 0, threads: Threads(1))
        for row in try solveAll(sweep) {
            let cell = sweep.grid[row.cell]
            let n = cell.sampleSize
            let z = (0..<40).map { i in
                EffectiveLogit(softRatio: cell.softRatio, temperature: 1, smoothing: 1e-3)(
                    teacher: teacher.logits(noiseLevel: cell.teacherNoise)[i],
                    label: samples.labels[i] == 1)
            }
            func student(_ n: Int) -> (weights: [Double], at: (Int) -> Double) {
                let system = (0..<n).map { i in
                    (0..<n).map { kernel[i][$0] + ($0 == i ? ridge : 0) }
                }
                let alpha = eliminate(system, Array(z[..<n]))
                return (alpha, { x in (0..<n).reduce(0) { $0 + alpha[$1] * kernel[$1][x] } })
            }
            func norm(_ n: Int) -> Double {
                let f = student(n)
                return sqrt((0..<n).reduce(0) { $0 + f.weights[$1] * f.at($1) })
            }
            let (own, oracle) = (student(n), student(40))
            let inner = (0..<n).reduce(0) { $0 + own.weights[$1] * oracle.at($1) }
            let cosine = min(1, inner / norm(n) / norm(40))
            let tests = 40..<100
            func share(_ holds: (Int) -> Bool) -> Double {
                Double(tests.filter(holds).count) / 60
            }
            let zt = teacher.logits(noiseLevel: cell.teacherNoise)
            let expected: [(Metric, Double, Double)] = [
                (.studentError, share { decision(own.at($0)) != samples.labels[$0] }, 0),
                (.transferRisk, share { (own.at($0) > 0) != (zt[$0] > 0) }, 0),
                (.oracleRisk, share { (own.at($0) > 0) != (oracle.at($0) > 0) }, 0),
                (.oracleTransferRisk, share { (oracle.at($0) > 0) != (zt[$0] > 0) }, 0),
                (.weightNorm, norm(n), 1e-8 * norm(n)),
                (.oracleAngle, acos(cosine), 1e-6),
                (
                    .trainResidual,
                    (0..<n).map { abs(own.at($0) - z[$0]) }.max()! / z[..<n].map(abs).max()!, 1e-9
                ),
            ]
            for (metric, value, tolerance) in expected {
                let ours = sweep.value(metric, of: row)
                #expect(abs(ours - value) <= tolerance, "\(cell) \(metric): \(ours), not \(value)")
            }
            let upper = Int(Double(n) * pow(2, 0.25))
            let ours = sweep.value(.weightNormUpper, of: row)
            if upper <= 40 {
                #expect(abs(ours - norm(upper)) <= 1e-8 * ours)
            } else {
                #expect(ours.isNaN)
            }
        }
    }

    /// Gaussian elimination with partial pivoting.
    private func eliminate(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
        var a = zip(matrix, right).map { $0 + [$1] }
        let n = a.count
        for k in 0..<n {
            let pivot = (k..<n).max { abs(a[$0][k]) < abs(a[$1][k]) }!
            a.swapAt(k, pivot)
            for i in k + 1..<max(k + 1, n) {
                let factor = a[i][k] / a[k][k]
                for j in k...n { a[i][j] -= factor * a[k][j] }
            }
        }
        var x = [Double](repeating: 0, count: n)
        for i in (0..<n).reversed() {
            x[i] = (a[i][n] - (i + 1..<n).reduce(0) { $0 + a[i][$1] * x[$1] }) / a[i][i]
        }
        return x
    }

    @Test("A prefix of the nested solve is a solve of its own", arguments: [0, 0.05])
    func prefixes(ridge: Double) throws {
        let together = smallSweep(sizes: [5, 31, 64, 96], ridges: [ridge])
        let rows = try solveAll(together)
        for (index, size) in [5, 31, 64, 96].enumerated() {
            let alone = smallSweep(sizes: [size], ridges: [ridge])
            let perSize = rows.count / 4
            let own = rows[index * perSize..<(index + 1) * perSize]
            for (a, b) in zip(try solveAll(alone), own) {
                expectSame(together.metrics, a.values, b.values)
            }
        }
    }

    @Test("A narrowed block computes the wanted cells, and these as before")
    func narrowed() throws {
        let sweep = smallSweep(ridges: [0, 0.1])
        let block = sweep.block(0)
        let solver = BlockSolver(sweep: sweep, threads: 1)
        let whole = try solver.solve(block)
        let narrow = block.narrowed { $0 % 5 == 2 }!
        let part = try solver.solve(narrow)
        #expect(part.map(\.cell) == narrow.wanted.joined().map(block.cellNumber(at:)))
        let byCell = Dictionary(uniqueKeysWithValues: whole.map { ($0.cell, $0) })
        for row in part { expectSame(sweep.metrics, row.values, byCell[row.cell]!.values) }
    }

    @Test("Each metric alone is what it is among all of them", arguments: Metric.allCases)
    func alone(metric: Metric) throws {
        let all = smallSweep(sizes: [24, 48], softRatios: [0.4], ridges: [0, 0.2])
        var one = all
        one.metrics = [metric]
        for (a, b) in zip(try solveAll(one), try solveAll(all)) {
            #expect(a.status == b.status)
            expectSame([metric], a.values, [all.value(metric, of: b)])
        }
    }

    @Test("More right-hand sides than a panel holds are solved as in one")
    func panels() throws {
        let many = smallSweep(
            oracle: 40, test: 30, sizes: [20], softRatios: (0...150).map { Double($0) / 150 },
            noises: [1])
        let rows = try solveAll(many)
        for index in [0, 127, 128, 150] {
            var one = many
            one.grid.softRatio = [many.grid.softRatio[index]]
            expectSame(many.metrics, try solveAll(one)[0].values, rows[index].values)
        }
    }

    @Test("A tiny ridge is no ridge; a huge one leaves no student")
    func ridgeLimits() throws {
        let none = smallSweep(sizes: [16], ridges: [0])
        let tiny = smallSweep(sizes: [16], ridges: [1e-12])
        let huge = smallSweep(sizes: [16], ridges: [1e12])
        for ((a, b), c) in zip(zip(try solveAll(none), try solveAll(tiny)), try solveAll(huge)) {
            let norm = none.value(.weightNorm, of: a)
            #expect(abs(norm - none.value(.weightNorm, of: b)) < 1e-7 * norm)
            #expect(
                abs(none.value(.oracleAngle, of: a) - none.value(.oracleAngle, of: b)) < 1e-4)
            #expect(none.value(.riskBoundTight, of: b).isNaN)
            #expect(none.value(.weightNorm, of: c) < 1e-9 * norm)
            #expect(abs(none.value(.trainResidual, of: c) - 1) < 1e-9)
            #expect(abs(none.value(.kernelCondition, of: c) - 1) < 1e-9)
        }
    }

    @Test("At n = N the student is its own oracle")
    func oracle() throws {
        for ridge in [0, 0.1] {
            let sweep = smallSweep(sizes: [96], ridges: [ridge])
            for row in try solveAll(sweep) {
                #expect(sweep.value(.oracleAngle, of: row) == 0)
                #expect(sweep.value(.oracleRisk, of: row) == 0)
                #expect(sweep.value(.weightNormNext, of: row).isNaN)
                #expect(
                    sweep.value(.oracleTransferRisk, of: row)
                        == sweep.value(.transferRisk, of: row))
            }
        }
    }

    @Test("One sample: f(x) = k(x, x_1) z_1 / K_11")
    func oneSample() throws {
        let sweep = smallSweep(sizes: [1], softRatios: [1], noises: [0])
        let kernel = try sweep.kernel()
        let row = try solveAll(sweep)[0]
        let z = sweep.samples().logits[0]
        let expected = abs(z) / sqrt(kernel.diagonal[0])
        #expect(abs(sweep.value(.weightNorm, of: row) - expected) < 1e-14 * expected)
        #expect(sweep.value(.weightNormLower, of: row) == sweep.value(.weightNorm, of: row))
        #expect(abs(sweep.value(.kernelCondition, of: row) - 1) < 1e-14)
    }

    @Test("Two threads give what one gives, within round-off")
    func threads() throws {
        let sweep = smallSweep(width: .finite(64), sizes: [24])
        let pairs = zip(try solveAll(sweep), try solveAll(sweep, threads: 2))
        for (a, b) in pairs { expectSame(sweep.metrics, a.values, b.values) }
    }

    @Test("Inputs that overflow the kernel fail with a reason")
    func overflow() throws {
        let sweep = smallSweep(separation: 1e200)
        let error = #expect(throws: SolveError.self) { try solveAll(sweep) }
        #expect(error?.description.contains("overflow") == true)
    }

    @Test("Right-hand sides that leave a double's range fail alone")
    func overflowOfOneColumn() throws {
        // Near samples that are asked for far values.
        let alone = smallSweep(
            spread: 1e-3, noise: .gaussian, sizes: [16, 48], softRatios: [0, 1], noises: [0])
        var both = alone
        both.grid.teacherNoise = [0, 1e307]
        var expected = try solveAll(alone).makeIterator()
        var failed = 0
        for row in try solveAll(both) {
            let cell = both.grid[row.cell]
            if cell.teacherNoise == 0 {
                let next = expected.next()
                let own = try #require(next)
                #expect(row.status == .ok)
                expectSame(both.metrics, row.values, own.values)
            } else if cell.softRatio == 1 {
                #expect(row.status == .failed && row.error.contains("overflow"))
                #expect(row.values.allSatisfy { $0.isNaN })
                failed += 1
            } else {
                #expect(row.status == .ok && row.error.isEmpty)
            }
        }
        let rest = expected.next()
        #expect(failed == 2 && rest == nil)
    }
}

/// The same within round-off: a residual need only be small, other values agree to 1e-7.
func expectSame(
    _ metrics: [Metric], _ a: [Double], _ b: [Double],
    sourceLocation: SourceLocation = #_sourceLocation
) {
    for (metric, (x, y)) in zip(metrics, zip(a, b)) {
        let close =
            metric == .trainResidual
            ? abs(x - y) < 1e-9 : abs(x - y) <= 1e-7 * max(1e-3, abs(x)) || (x.isNaN && y.isNaN)
        #expect(close, "\(metric): \(x) and \(y)", sourceLocation: sourceLocation)
    }
}
