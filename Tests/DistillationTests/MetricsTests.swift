import Foundation
import Sweep
import Testing

@testable import Distillation

struct MetricsTests {
    @Test(
        "oracle_risk <= tight <= refined <= paper's bound, in every cell",
        arguments: [Width.infinite, .finite(300)], [Activation.relu, .erf])
    func chain(width: Width, activation: Activation) throws {
        var count = 0
        for (noise, levels) in [
            (NoiseModel.smooth(lengthscale: 0.7), [0, 0.5, 2]), (.gaussian, [0.5, 3]),
            (.flip, [0.1, 0.4]),
        ] {
            let sweep = smallSweep(
                activation: activation, noise: noise, width: width,
                sizes: [1, 2, 5, 11, 30, 60, 95, 96], softRatios: [0, 0.01, 0.3, 0.8, 1],
                noises: levels, temperatures: [0.5, 4], seeds: [0, 1, 2, 3])
            for row in try solveAll(sweep) {
                let chain = [Metric.oracleRisk, .riskBoundTight, .riskBoundRefined, .riskBound]
                    .map { sweep.value($0, of: row) }
                #expect(chain == chain.sorted(), "\(sweep.grid[row.cell]): \(chain)")
                let transfer = sweep.value(.transferRisk, of: row)
                let left = sweep.value(.oracleTransferRisk, of: row)
                #expect(transfer <= left + chain[0] + 1e-15)
                count += 1
            }
        }
        print("\(width) \(activation): the chain of bounds holds in \(count) cells")
        #expect(count >= 2000)
    }

    @Test("For lambda > 0 the paper's bound stands alone, and still bounds the oracle risk")
    func ridgeBound() throws {
        let sweep = smallSweep(sizes: [4, 40, 96], noises: [0, 1, 4], ridges: [1e-3, 0.1, 10])
        var loose = 0
        for row in try solveAll(sweep) {
            #expect(sweep.value(.riskBoundRefined, of: row).isNaN)
            #expect(sweep.value(.riskBoundTight, of: row).isNaN)
            let bound = sweep.value(.riskBound, of: row)
            let risk = sweep.value(.oracleRisk, of: row)
            #expect(risk <= bound && bound <= 1, "\(sweep.grid[row.cell])")
            if risk > 0, bound < 1 { loose += 1 }
        }
        // Not only where one of them says nothing.
        #expect(loose > 0)
    }

    @Test("Width 4 is singular where n exceeds its 17 parameters (d = 2, one layer)")
    func rank() throws {
        for activation in [Activation.relu, .erf] {
            let sizes = [4, 8, 17, 18, 19, 40, 256]
            let sweep = smallSweep(
                dimension: 2, activation: activation, oracle: 256, test: 20, width: .finite(4),
                sizes: sizes, depth: 1)
            for row in try solveAll(sweep) {
                let n = sweep.grid[row.cell].sampleSize
                // Units of relu that see every sample from one side are linear, and their parameters don't
                // add to the rank.
                if activation == .erf || n != 17 {
                    let isSolvable = n <= 17
                    #expect(row.status == (isSolvable ? .ok : .singular), "\(activation), n = \(n)")
                }
                let defined = sweep.metrics.filter { !sweep.value($0, of: row).isNaN }
                if row.status == .singular { #expect(defined == [.teacherError]) }
            }
        }
    }

    @Test("A ridge lifts the singularity")
    func ridgeLifts() throws {
        let sweep = smallSweep(
            dimension: 2, oracle: 64, test: 20, width: .finite(4), sizes: [64], depth: 1,
            ridges: [1e-3])
        #expect(try solveAll(sweep).allSatisfy { $0.status == .ok })
    }

    @Test("Hard labels don't depend on the teacher, soft ones not on the hard label")
    func limits() throws {
        let sweep = smallSweep(
            sizes: [48], softRatios: [0], noises: [0, 3], temperatures: [1, 5])
        let hard = try solveAll(sweep)
        for row in hard.dropFirst() {
            for metric in [Metric.studentError, .weightNorm, .oracleAngle, .riskBoundTight] {
                #expect(sweep.value(metric, of: row) == sweep.value(metric, of: hard[0]))
            }
        }
        let soft = [HardLabels.deterministic, .sampled].map { labels in
            smallSweep(labels: labels, sizes: [48], softRatios: [1], noises: [1])
        }
        let (a, b) = (try solveAll(soft[0])[0], try solveAll(soft[1])[0])
        for metric in [Metric.transferRisk, .weightNorm, .oracleAngle] {
            #expect(soft[0].value(metric, of: a) == soft[1].value(metric, of: b))
        }
    }

    @Test("A perfect teacher makes no error; empty shares are empty")
    func perfectTeacher() throws {
        let sweep = smallSweep(sizes: [48], noises: [0])
        for row in try solveAll(sweep) {
            #expect(sweep.value(.teacherError, of: row) == 0)
            #expect(sweep.value(.corrected, of: row).isNaN)
            #expect(sweep.value(.trainCorrected, of: row).isNaN)
            #expect(
                sweep.value(.spoiled, of: row) == sweep.value(.studentError, of: row))
            #expect(
                sweep.value(.transferRisk, of: row) == sweep.value(.studentError, of: row))
        }
    }

    @Test("Shares of the teacher's errors add up to the student's")
    func shares() throws {
        let sweep = smallSweep(sizes: [24, 96], noises: [1, 3])
        for row in try solveAll(sweep) {
            let teacher = sweep.value(.teacherError, of: row)
            let error =
                teacher * (1 - sweep.value(.corrected, of: row))
                + (1 - teacher) * sweep.value(.spoiled, of: row)
            #expect(abs(error - sweep.value(.studentError, of: row)) < 1e-14)
        }
    }

    @Test("Logits that are all 0 leave the quotients empty")
    func zeroLogits() throws {
        let table = Table(
            dimension: 2, features: (0..<60).map { sin(Double($0)) },
            labels: (0..<30).map { $0 % 2 == 0 },
            teacherLogits: [Double](repeating: 0, count: 30))
        var sweep = smallSweep(oracle: 20, test: 10, sizes: [5, 20], softRatios: [1], noises: [0])
        sweep.settings.learningTask = .table(
            TableReference(
                file: "/t.csv", digest: "", label: "y", teacherLogit: "z", features: ["a", "b"]))
        for row in try solveAll(sweep, table: table) {
            #expect(row.status == .ok)
            #expect(sweep.value(.weightNorm, of: row) == 0)
            for metric in [
                Metric.oracleAngle, .riskBound, .riskBoundRefined, .riskBoundTight, .trainResidual,
            ] {
                #expect(sweep.value(metric, of: row).isNaN)
            }
        }
    }
}
