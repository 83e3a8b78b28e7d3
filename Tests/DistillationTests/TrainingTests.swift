import Foundation
import Sweep
import Testing

@testable import Distillation

/// Students at finite steps, as rows.
@Suite struct TrainingTests {
    private func value(_ metric: Metric, _ sweep: Sweep, _ row: Row) -> Double {
        sweep.value(metric, of: row)
    }

    /// Bit for bit, but for the condition number: a factorisation's last digits depend on BLAS' threads, which other
    /// tests of this process set.
    private func isSame(_ a: Row, _ b: Row) -> Bool {
        a.status == b.status
            && zip(Metric.allCases, zip(a.values, b.values)).allSatisfy { metric, pair in
                metric == .kernelCondition || pair.0.bitPattern == pair.1.bitPattern
            }
    }

    /// The rows by their cells, which are the same in sweeps with other axes.
    private func cells(_ sweep: Sweep) throws -> [Cell: Row] {
        Dictionary(
            uniqueKeysWithValues: try solveAll(sweep).map {
                (sweep.grid[$0.cell], $0)
            })
    }

    @Test(
        "A stop's numbers don't depend on the other stops, to the last bit",
        arguments: Model.allCases)
    func nestedStops(model: Model) throws {
        func sweep(_ steps: [Int]) -> Sweep {
            smallSweep(
                width: .finite(16), model: model, steps: steps.map(Steps.finite),
                temperatures: [1, 3])
        }
        let both = try cells(sweep([10, 100]))
        for steps in [10, 100] {
            for (cell, row) in try cells(sweep([steps])) {
                #expect(isSame(row, both[cell]!), "\(steps) steps")
            }
        }
    }

    @Test("A network's numbers don't depend on which others are trained with it")
    func aloneOrNot() throws {
        let sweep = smallSweep(
            width: .finite(16), model: .network, steps: [.finite(20)], temperatures: [1, 3])
        for (cell, row) in try cells(sweep) {
            var alone = sweep
            alone.grid.sampleSize = [cell.sampleSize]
            alone.grid.softRatio = [cell.softRatio]
            alone.grid.teacherNoise = [cell.teacherNoise]
            alone.grid.temperature = [cell.temperature]
            let own = try solveAll(alone)[0]
            for metric in [Metric.studentError, .weightNorm, .excessLoss, .kernelChange] {
                let pair = (value(metric, sweep, row), value(metric, alone, own))
                #expect(pair.0.bitPattern == pair.1.bitPattern, "\(metric)")
            }
        }
    }

    @Test("With hard labels alone neither noise nor temperature changes a student")
    func hardLabels() throws {
        for model in Model.allCases {
            let sweep = smallSweep(
                width: .finite(16), model: model, steps: [.finite(30)], sizes: [24],
                softRatios: [0, 0.5], noises: [0, 1], temperatures: [1, 4])
            let rows = try cells(sweep)
            let hard = rows.filter { $0.key.softRatio == 0 }.map(\.value)
            #expect(hard.count == 4)
            for metric in [Metric.weightNorm, .excessLoss, .sharpness, .studentError, .oracleRisk] {
                #expect(Set(hard.map { value(metric, sweep, $0) }).count == 1, "\(metric)")
            }
        }
    }

    @Test("Linearised students come to the limit as steps grow")
    func convergence() throws {
        let steps = [30, 100, 300, 1000, 3000]
        let sweep = smallSweep(
            oracle: 24, width: .infinite, steps: steps.map(Steps.finite) + [.infinite], sizes: [6],
            softRatios: [0.5, 1], noises: [0.3])
        let rows = try cells(sweep)
        for ratio in sweep.grid.softRatio {
            let own = rows.filter { $0.key.softRatio == ratio }
            let residuals = steps.map { count in
                value(.trainResidual, sweep, own.first { $0.key.steps == .finite(count) }!.value)
            }
            print("soft ratio \(ratio): residuals \(residuals) after \(steps) steps")
            #expect(zip(residuals, residuals.dropFirst()).allSatisfy { $0 > $1 })
            #expect(residuals.last! < 1e-3)
            let last = own.first { $0.key.steps == .finite(steps.last!) }!.value
            let limit = own.first { $0.key.steps == .infinite }!.value
            for metric in [Metric.weightNorm, .oracleAngle] {
                let pair = (value(metric, sweep, last), value(metric, sweep, limit))
                #expect(abs(pair.0 - pair.1) < 2e-3 * abs(pair.1), "\(metric): \(pair)")
            }
            #expect(value(.limitRisk, sweep, last) == 0)
            #expect(value(.excessLoss, sweep, last) < 1e-6)
        }
    }

    @Test("A network's first step is a linearised one, to first order in the rate")
    func firstStep() throws {
        for activation in [Activation.relu, .erf] {
            let gaps = try [1e-2, 1e-3, 1e-4].map { rate in
                let sweep = smallSweep(
                    activation: activation, width: .finite(16), model: .network,
                    steps: [.finite(1)], training: Training(learningRate: rate, momentum: 0.9),
                    sizes: [24], softRatios: [0.5], noises: [1])
                return value(.linearisationGap, sweep, try solveAll(sweep)[0])
            }
            print("\(activation): gaps \(gaps) at rates 0.01, 0.001, 0.0001")
            // The first order cancels, so the gap falls with the rate itself.
            for (gap, next) in zip(gaps, gaps.dropFirst()) {
                #expect(next < 0.15 * gap && next > 0.05 * gap)
            }
        }
    }

    @Test("A wide network is like its linearisation: the gap falls as 1/sqrt(width) or faster")
    func widths() throws {
        let widths = [32, 128, 512]
        let gaps = try widths.map { width in
            let sweep = smallSweep(
                oracle: 32, width: .finite(width), model: .network, steps: [.finite(60)],
                sizes: [32], softRatios: [0.5], noises: [1], seeds: [0, 1, 2])
            let rows = try solveAll(sweep)
            return rows.reduce(0) { $0 + log(value(.linearisationGap, sweep, $1)) } / 3
        }
        let slope = (gaps.last! - gaps[0]) / log(Double(widths.last!) / Double(widths[0]))
        print("linearisation gap \(gaps.map { exp($0) }) at widths \(widths): slope \(slope)")
        #expect(zip(gaps, gaps.dropFirst()).allSatisfy { $0 > $1 })
        #expect(slope < -0.4)
    }

    @Test("With more samples than parameters students at finite steps exist, and limits don't")
    func moreSamplesThanParameters() throws {
        for model in Model.allCases {
            // 4 * 3 + 3 + 3 + 1 parameters.
            let sweep = smallSweep(
                activation: .erf, width: .finite(3), model: model,
                steps: [.finite(20)] + (model == .network ? [] : [.infinite]), sizes: [8, 48],
                depth: 1)
            for (cell, row) in try cells(sweep) {
                let isSingular = cell.steps == .infinite && cell.sampleSize == 48
                #expect(row.status == (isSingular ? .singular : .ok))
                guard cell.sampleSize == 48, !isSingular else { continue }
                for metric in [Metric.limitRisk, .oracleRisk, .oracleAngle, .kernelCondition] {
                    #expect(value(metric, sweep, row).isNaN, "\(metric)")
                }
                #expect(value(.sharpness, sweep, row) > 0 && value(.excessLoss, sweep, row) > 0)
            }
        }
    }

    @Test("A rate that is too large makes students diverge, which keeps the teacher's error only")
    func divergence() throws {
        for (model, rate) in [(Model.linearised, 50.0), (.network, 30), (.network, 1e200)] {
            let sweep = smallSweep(
                width: .finite(16), model: model, steps: [.finite(1), .finite(60)],
                training: Training(learningRate: rate, momentum: 0.9), sizes: [24],
                softRatios: [1], noises: [1])
            let row = try cells(sweep).first { $0.key.steps == .finite(60) }!.value
            #expect(row.status == .diverged, "\(model) at \(rate)")
            for (metric, value) in zip(sweep.metrics, row.values) {
                #expect(value.isNaN == (metric != .teacherError), "\(metric)")
            }
            #expect(row.contradiction(in: sweep.metrics) == nil)
        }
    }

    @Test("A kernel of zeros moves no student")
    func noKernel() throws {
        var sweep = smallSweep(
            biasScale: 0, oracle: 12, width: .finite(8), steps: [.finite(5)], sizes: [12],
            softRatios: [0.5], noises: [0])
        sweep.settings.student.weightScale = 1e-160
        let row = try solveAll(sweep)[0]
        #expect(row.status == .ok && value(.weightNorm, sweep, row) == 0)
    }

    @Test(
        "Sharpness is below 1 at the default rate, and near it where the rate is near the stable one"
    )
    func sharpness() throws {
        let row = { (rate: Double) in
            let sweep = smallSweep(
                steps: [.finite(200)], training: Training(learningRate: rate, momentum: 0.9),
                sizes: [24], softRatios: [1], noises: [0], temperatures: [8])
            return (sweep, try solveAll(sweep)[0])
        }
        let (usual, fast) = (try row(0.3), try row(0.6))
        let ratio = value(.sharpness, fast.0, fast.1) / value(.sharpness, usual.0, usual.1)
        // At a high temperature the loss is nearly a parabola, so the sharpness is in proportion to the rate.
        #expect(abs(ratio - 2) < 0.1, "\(ratio)")
        #expect(value(.sharpness, usual.0, usual.1) < 1)
    }

    @Test("A metric that isn't asked for changes no other")
    func someMetrics() throws {
        for model in Model.allCases {
            let all = smallSweep(
                width: .finite(16), model: model, steps: [.finite(10)], noises: [1])
            let rows = try cells(all)
            for metric in Metric.allCases where metric != .kernelCondition {
                var one = all
                one.metrics = [metric]
                for (cell, row) in try cells(one) {
                    let pair = (row.values[0], value(metric, all, rows[cell]!))
                    #expect(
                        pair.0 == pair.1 || pair.0.isNaN && pair.1.isNaN,
                        "\(model), \(metric): \(pair)")
                }
            }
        }
    }

    @Test("The paper's bound is above the risk of stopped students too")
    func bounds() throws {
        let sweep = smallSweep(
            width: .infinite, steps: [.finite(3), .finite(100), .finite(3000)], noises: [0, 1])
        for row in try solveAll(sweep) where row.status == .ok {
            let (risk, bound) = (
                value(.oracleRisk, sweep, row), value(.riskBound, sweep, row)
            )
            #expect(risk <= bound)
            #expect(value(.riskBoundTight, sweep, row).isNaN)
        }
    }
}
