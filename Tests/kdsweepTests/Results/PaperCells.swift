import Foundation
import Testing

func short(_ value: Double) -> String { String(format: "%.2f", value) }

/// The rows of a sweep of the paper that is really run, from its `cells.csv`.
struct PaperCells {
    let name: String
    let rows: [[String: String]]

    /// - Parameter seeds: instead of those that the file has.
    init(of name: String, seeds: Int, replacing others: [String: String] = [:]) throws {
        self.name = name
        let folder = Repository.file("sweeps")
        var text = try String(
            contentsOf: folder.appending(path: "paper/\(name).yaml"), encoding: .utf8)
        let own = /seed: {count: \d+}/
        try #require(text.contains(own))
        text.replace(own, with: "seed: {count: \(seeds)}")
        for (old, new) in others {
            try #require(text.contains(old))
            text.replace(old, with: new)
        }
        text.replace("../data/", with: folder.path + "/data/")
        let workspace = try Workspace()
        try workspace.write("\(name).yaml", text)
        let run = try workspace.run("run", "\(name).yaml")
        try #require(run.status == 0, "\(run.errors)")
        rows = try CSVTable(workspace.read("results/\(name)/cells.csv")).rows
    }

    /// By seed, of the cells that have these values on the axes; those that aren't ok are left out.
    func values(_ metric: String, _ axes: [String: String]) -> [String: Double] {
        let found = rows.filter { row in
            row["status"] == "ok" && axes.allSatisfy { row[$0.key] == $0.value }
        }
        return Dictionary(
            uniqueKeysWithValues: found.compactMap { row in
                Double(row[metric]!).map { (row["seed"]!, $0) }
            })
    }

    func mean(_ metric: String, _ axes: [String: String]) -> Double {
        let values = values(metric, axes).values
        return values.reduce(0, +) / Double(values.count)
    }

    func expect(
        _ metric: String, of upper: [String: String], above lower: [String: String],
        by margin: Double,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try expect(
            metric, of: upper, above: metric, of: lower, by: margin, sourceLocation: sourceLocation)
    }

    /// The mean difference over the seeds is so many of its standard errors.
    func expect(
        _ upperMetric: String, of upper: [String: String], above lowerMetric: String,
        of lower: [String: String], by margin: Double,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let (high, low) = (values(upperMetric, upper), values(lowerMetric, lower))
        let differences = high.keys.sorted().compactMap { seed in low[seed].map { high[seed]! - $0 }
        }
        try #require(differences.count >= 4, "\(upper), \(lower)", sourceLocation: sourceLocation)
        let count = Double(differences.count)
        let mean = differences.reduce(0, +) / count
        let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        let found = mean / (variance / count).squareRoot()
        report(upperMetric, upper, lowerMetric, lower, found, margin)
        #expect(found >= margin, "\(name): \(upper) \(lower)", sourceLocation: sourceLocation)
    }

    /// d ln E|Δ| / d ln n over the window around n, the difference's standard error by the jackknife.
    func expectInefficiency(
        at n: String, of upper: [String: String], above lower: [String: String], by margin: Double,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let size = ["sample_size": n]
        let norms = [upper, lower].map { axes in
            ["weight_norm_upper", "weight_norm_lower"].map {
                values($0, axes.merging(size) { $1 })
            }
        }
        let seeds = norms[0][0].keys.sorted()
        try #require(seeds.count >= 4, sourceLocation: sourceLocation)
        let root = pow(2, 0.25)
        let (above, below) = (floor(Double(n)! * root), ceil(Double(n)! / root))
        func difference(without left: String?) -> Double {
            let slopes = norms.map { windows -> Double in
                let sums = windows.map { norms in
                    seeds.filter { $0 != left }.reduce(0) { $0 + norms[$1]! }
                }
                return log(sums[0] / sums[1]) / log(above / below)
            }
            return slopes[0] - slopes[1]
        }
        let without = seeds.map { difference(without: $0) }
        let mean = without.reduce(0, +) / Double(seeds.count)
        let squares = without.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let error = (squares * Double(seeds.count - 1) / Double(seeds.count)).squareRoot()
        let found = difference(without: nil) / error
        report(
            "data_inefficiency", upper.merging(size) { $1 }, "data_inefficiency", lower, found,
            margin)
        #expect(found >= margin, "\(name): \(upper) \(lower)", sourceLocation: sourceLocation)
    }

    private func report(
        _ upperMetric: String, _ upper: [String: String], _ lowerMetric: String,
        _ lower: [String: String], _ found: Double, _ margin: Double
    ) {
        func words(_ axes: [String: String]) -> String {
            axes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        }
        print(
            "\(name): \(upperMetric) (\(words(upper))) is above \(lowerMetric) (\(words(lower))) "
                + "by \(short(found)) standard errors, \(short(margin)) wanted")
    }
}
