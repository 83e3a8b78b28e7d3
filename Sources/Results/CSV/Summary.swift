import Foundation
import Sweep

/// The statistics of one grid point over its seeds: rows are added, and a line of `summary.csv` comes out.
public struct Summary: Sendable {
    private let metrics: [Metric]
    /// For each metric, the values of the rows with status ok, in the order of the seeds. So a mean doesn't
    /// depend on the order in which workers brought the rows.
    private var values: [[Double]]
    private(set) var okCount = 0
    /// The seeds of these rows, by their numbers in the grid.
    private var seeds: [Int] = []

    init(of metrics: [Metric]) {
        self.metrics = metrics
        self.values = metrics.map { _ in [] }
    }

    /// Rows come in grid order.
    ///
    /// - Parameter seed: its number in the grid.
    mutating func add(_ row: Row, seed: Int) {
        guard row.status == .ok else { return }
        okCount += 1
        seeds.append(seed)
        for (metric, value) in row.values.enumerated() { values[metric].append(value) }
    }

    mutating func removeAll() {
        okCount = 0
        seeds.removeAll(keepingCapacity: true)
        for metric in values.indices { values[metric].removeAll(keepingCapacity: true) }
    }

    static func columns(of metrics: [Metric]) -> [String] {
        ["seeds"] + metrics.flatMap { ["\($0.rawValue)_mean", "\($0.rawValue)_sem"] }
            + ["data_inefficiency", "data_inefficiency_discrete"]
    }

    /// Appends the fields of `columns(of:)`.
    func append(sampleSize n: Int, to csv: inout CSVText) {
        csv.append(okCount)
        for values in values {
            let (mean, error) = Self.meanAndError(values.filter { !$0.isNaN })
            csv.append(mean)
            csv.append(error)
        }
        csv.append(dataInefficiency(around: n))
        csv.append(discreteDataInefficiency(at: n))
    }

    /// Mean and standard error over the ok seeds in which the metric is defined; nil if there is no such
    /// seed, or the metric wasn't chosen.
    public func estimate(of metric: Metric) -> Estimate? {
        guard let position = metrics.firstIndex(of: metric) else { return nil }
        let known = values[position].filter { !$0.isNaN }
        guard !known.isEmpty else { return nil }
        let (mean, error) = Self.meanAndError(known)
        return Estimate(mean: mean, error: error, seeds: known.count)
    }

    /// A metric by the seed's number, where it is defined; empty if it wasn't chosen.
    func samples(of metric: Metric) -> [Int: Double] {
        guard let position = metrics.firstIndex(of: metric) else { return [:] }
        return Dictionary(
            uniqueKeysWithValues: zip(seeds, values[position]).filter { !$0.1.isNaN })
    }

    /// `data_inefficiency` of `summary.csv`, and its standard error by the jackknife: with k seeds and t_i
    /// the result without seed i, `error^2 = (k - 1)/k sum_i (t_i - mean t)^2`.
    public func inefficiency(at n: Int) -> Estimate? {
        jackknife { $0.dataInefficiency(around: n) }
    }

    /// `data_inefficiency_discrete`, the paper's I(n); its error is found as in `inefficiency(at:)`.
    public func discreteInefficiency(at n: Int) -> Estimate? {
        jackknife { $0.discreteDataInefficiency(at: n) }
    }

    private func jackknife(_ statistic: (Summary) -> Double) -> Estimate? {
        let mean = statistic(self)
        guard !mean.isNaN else { return nil }
        guard okCount > 1 else { return Estimate(mean: mean, error: .nan, seeds: okCount) }
        let without = (0..<okCount).map { seed in
            var others = self
            others.okCount -= 1
            for metric in values.indices { others.values[metric].remove(at: seed) }
            return statistic(others)
        }
        // meanAndError has 1/(k (k - 1)) where the jackknife has (k - 1)/k.
        return Estimate(
            mean: mean, error: Self.meanAndError(without).error * Double(okCount - 1),
            seeds: okCount)
    }

    /// Mean and standard error: s / sqrt(count), s^2 = sum (x - mean)^2 / (count - 1). The mean is NaN for
    /// no values, the error for fewer than two.
    static func meanAndError(_ values: [Double]) -> (mean: Double, error: Double) {
        guard !values.isEmpty else { return (.nan, .nan) }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        guard values.count > 1 else { return (mean, .nan) }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, (squares / (count - 1)).squareRoot() / count.squareRoot())
    }

    /// ln( E|Delta_upper| / E|Delta_lower| ) / ln( n_upper / n_lower ): the slope
    /// d ln E|Delta| / d ln n over a window, which is empty up to n = 5.
    func dataInefficiency(around n: Int) -> Double {
        let window = NormWindow(around: n)
        guard window.lower < window.upper, let lower = meanNorm(.weightNormLower),
            let upper = meanNorm(.weightNormUpper)
        else { return .nan }
        return log(upper / lower) / log(Double(window.upper) / Double(window.lower))
    }

    /// I(n) = n ( ln E|Delta_{n+1}| - ln E|Delta_n| )
    func discreteDataInefficiency(at n: Int) -> Double {
        guard let here = meanNorm(.weightNorm), let next = meanNorm(.weightNormNext)
        else { return .nan }
        return Double(n) * (log(next) - log(here))
    }

    /// Nil if the metric wasn't chosen, if an ok seed lacks it, or if its mean is 0 and has no logarithm.
    private func meanNorm(_ metric: Metric) -> Double? {
        guard let position = metrics.firstIndex(of: metric) else { return nil }
        let mean = Self.meanAndError(values[position]).mean
        return mean > 0 ? mean : nil
    }
}
