import Foundation
import Sweep
import Testing

@testable import Results

@Suite struct SummaryTests {
    private let norms: [Metric] = [
        .weightNorm, .weightNormNext, .weightNormLower, .weightNormUpper,
    ]

    private func summary(_ metrics: [Metric], _ rows: [[Double]], status: Status = .ok) -> Summary {
        var summary = Summary(of: metrics)
        for (seed, values) in rows.enumerated() {
            summary.add(Row(cell: 0, status: status, values: values), seed: seed)
        }
        return summary
    }

    private func line(_ summary: Summary, n: Int) -> String {
        var csv = CSVText()
        summary.append(sampleSize: n, to: &csv)
        return String(decoding: csv.bytes, as: UTF8.self)
    }

    @Test func meanAndErrorByHand() {
        // 1, 2, 6: mean 3, deviations 4 + 1 + 9 = 14, s = sqrt 7, over sqrt 3.
        let (mean, error) = Summary.meanAndError([1, 2, 6])
        #expect(mean == 3)
        #expect(error == 7.0.squareRoot() / 3.0.squareRoot())
        #expect(Summary.meanAndError([4]).error.isNaN)
        #expect(Summary.meanAndError([]).mean.isNaN)
        #expect(Summary.meanAndError([4, 4, 4]).error == 0)
    }

    @Test func undefinedValuesAreLeftOutOfTheMean() {
        #expect(line(summary([.corrected], [[1], [.nan], [3]]), n: 8) == "3,2.0,1.0,,")
        #expect(line(summary([.corrected], [[.nan], [.nan]]), n: 8) == "2,,,,")
    }

    @Test func onlyOkSeedsCount() {
        var mixed = summary([.teacherError], [[0.5]])
        mixed.add(Row(cell: 1, status: .singular, values: [0.1]), seed: 1)
        mixed.add(Row(cell: 2, status: .failed, values: [.nan], error: "x"), seed: 2)
        #expect(line(mixed, n: 8) == "1,0.5,,,")
        #expect(line(summary([.teacherError], [[0.1]], status: .singular), n: 8) == "0,,,,")
    }

    @Test func inefficienciesByHand() {
        // n = 16: n_lower = 14, n_upper = 19. Means: |D_n| 2, |D_n+1| 2.5, lower 1.5, upper 3.
        let two = summary(norms, [[1, 2, 1, 2], [3, 3, 2, 4]])
        #expect(two.dataInefficiency(around: 16) == log(3 / 1.5) / log(19.0 / 14))
        #expect(two.discreteDataInefficiency(at: 16) == 16 * (log(2.5) - log(2)))
    }

    @Test func aPowerLawHasItsExponent() {
        // |Delta_n| = n^0.4 at the window's ends has the slope 0.4 whatever the factor.
        for n in [6, 17, 100, 4096] {
            let window = NormWindow(around: n)
            let ends = [window.lower, window.upper].map { 7 * pow(Double($0), 0.4) }
            let slope = summary(norms, [[1, 1] + ends]).dataInefficiency(around: n)
            #expect(abs(slope - 0.4) < 1e-12, "n = \(n): \(slope)")
        }
        let flat = summary(norms, [[5, 5, 5, 5]])
        #expect(flat.dataInefficiency(around: 100) == 0)
        #expect(flat.discreteDataInefficiency(at: 100) == 0)
    }

    @Test func inefficienciesAreEmptyWithoutNorms() {
        #expect(summary(norms, [[1, 2, 1, 2]]).dataInefficiency(around: 5).isNaN)
        let lacking = summary(norms, [[1, .nan, 1, .nan], [1, 2, 1, 2]])
        #expect(lacking.dataInefficiency(around: 16).isNaN)
        #expect(lacking.discreteDataInefficiency(at: 16).isNaN)
        let unchosen = summary([.weightNorm, .weightNormLower], [[1, 1]])
        #expect(unchosen.dataInefficiency(around: 16).isNaN)
        #expect(unchosen.discreteDataInefficiency(at: 16).isNaN)
        #expect(summary(norms, []).dataInefficiency(around: 16).isNaN)
        let zero = summary(norms, [[0, 0, 0, 0]])
        #expect(zero.dataInefficiency(around: 16).isNaN)
        #expect(zero.discreteDataInefficiency(at: 16).isNaN)
    }

    @Test func estimatesAreThoseOfTheLine() throws {
        let summary = summary([.corrected, .spoiled], [[1, .nan], [.nan, .nan], [3, .nan]])
        #expect(summary.estimate(of: .corrected) == Estimate(mean: 2, error: 1, seeds: 2))
        #expect(summary.estimate(of: .spoiled) == nil)
        #expect(summary.estimate(of: .studentError) == nil, "it wasn't chosen")
        #expect(summary.inefficiency(at: 16) == nil)
    }

    /// For a mean the jackknife gives the standard error of the mean; the inefficiency is nearly linear
    /// in its norms where they hardly vary.
    @Test func theJackknifeIsRightWhereTheStatisticIsLinear() throws {
        let deviations = [1e-6, -2e-6, 4e-6, 0, -5e-7]
        let summary = summary(norms, deviations.map { [1, 1 + $0, 1, 1 + $0] })
        let error = Summary.meanAndError(deviations).error
        let slope = 1 / log(19.0 / 14)
        let inefficiency = try #require(summary.inefficiency(at: 16))
        #expect(abs(inefficiency.error / (error * slope) - 1) < 1e-5)
        #expect(inefficiency.mean == summary.dataInefficiency(around: 16))
        let discrete = try #require(summary.discreteInefficiency(at: 16))
        #expect(abs(discrete.error / (error * 16) - 1) < 1e-5)
        let one = self.summary(norms, [[1, 2, 1, 2]])
        #expect(try #require(one.inefficiency(at: 16)).error.isNaN)
    }
}
