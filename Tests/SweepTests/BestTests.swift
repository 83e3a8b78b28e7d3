import Foundation
import Seeded
import Testing

@testable import Sweep

@Suite struct BestTests {
    @Test("The least mean over the seeds in which every value is known; of equals the first")
    func best() {
        let best = Best([[0.3, 0.5, 0.1, 0.2], [0.2, 0.4, .nan, 0.1], [0.2, 0.4, 0, 0.1]])
        #expect(best.seeds == 3 && best.value == 1)
        #expect(best.metric?.seeds == 3 && abs(best.metric!.mean - 0.7 / 3) < 1e-15)
        // The second and the third are the same, and 0.1 below the first in every seed.
        #expect(best.plausible == 1...2)
        #expect(abs(best.gainOverLowest!.mean - 0.1) < 1e-15)
        #expect(best.gainOverLowest!.error < 1e-15)
        #expect(best.gainOverHighest?.mean == 0 && best.gainOverTeacher == nil)
        let largest = Best([[0.3, 0.5, 0.2], [0.2, 0.4, 0.1]], prefersLargest: true)
        #expect(largest.value == 0 && largest.metric!.mean > 0.3)
        #expect(abs(largest.gainOverHighest!.mean - 0.1) < 1e-15)
        #expect(largest.gainOverLowest!.mean == 0)
        // Added up in this order in doubles, the first is above the second.
        let metric = [[0.1, 0.2, 0.3], [0.3, 0.2, 0.1]]
        let sums = metric.map { $0.reduce(0, +) }
        #expect(sums[0] > sums[1] && Best(metric).value == 0)
    }

    @Test("Fewer than three seeds say nothing of how sure it is, none says nothing at all")
    func few() {
        let none = Best([[.nan], [0.1]], teacher: [[0.1], [0.1]])
        #expect(none.seeds == 0 && none.value == nil && none.metric == nil)
        #expect(none.plausible == nil && none.gainOverTeacher == nil)
        let one = Best([[0.2], [0.1]], teacher: [[0.1], [0.1]])
        #expect(one.seeds == 1 && one.value == 1 && one.metric?.mean == 0.1)
        #expect(one.metric!.error.isNaN && one.plausible == nil && one.gainOverLowest == nil)
        let two = Best([[0.2, 0.3], [0.1, 0.2]], teacher: [[0.1, 0.1], [0.1, 0.1]])
        #expect(two.seeds == 2 && two.plausible == nil && two.gainOverTeacher == nil)
        let three = Best(
            [[0.2, 0.3, 0.3], [0.1, 0.2, 0.2]], teacher: [[0, 0, 0], [0.4, 0.1, 0.1]])
        #expect(three.plausible == 1...1 && three.gainOverHighest!.mean == 0)
        #expect(abs(three.gainOverTeacher!.mean - (0.3 - 0.1 - 0.1) / 3) < 1e-15)
    }

    @Test("The seed that is judged doesn't choose")
    func crossed() {
        // Without the first seed the second value is best, without another the first is.
        let best = Best([[0, 0.5, 0.5], [0.7, 0.4, 0.4]])
        #expect(best.value == 0)
        let gains = [0.7 - 0.7, 0.4 - 0.5, 0.4 - 0.5]
        #expect(abs(best.gainOverHighest!.mean - gains.reduce(0, +) / 3) < 1e-15)
    }

    // MARK: A study

    /// A grid with a known best: a metric that is a parabola over eleven values, with noise that all values of a seed
    /// share and noise of their own.
    private struct Study {
        var truth: [Double]
        var best: Int
        var metric: [[Double]]

        init(seeds: Int, _ generator: inout SeededGenerator) {
            let best = Int.random(in: 0...10, using: &generator)
            let steepness = exp(Double.random(in: log(0.01)...log(1), using: &generator))
            let truth = (0...10).map { 0.1 + steepness * pow(Double($0 - best) / 10, 2) }
            (self.best, self.truth) = (best, truth)
            var draws = (0..<seeds * 12).map { _ in Self.normal(&generator) }
            let shared = (0..<seeds).map { _ in 0.03 * draws.removeLast() }
            metric = truth.map { mean in shared.map { mean + $0 + 0.01 * draws.removeLast() } }
        }

        private static func normal(_ generator: inout SeededGenerator) -> Double {
            let (u, v) = (
                Double.random(in: 0..<1, using: &generator),
                Double.random(in: 0..<1, using: &generator)
            )
            return (-2 * log(1 - u)).squareRoot() * cos(2 * .pi * v)
        }

        /// The value that is best over all seeds but one, or all.
        func chosen(without left: Int? = nil) -> Int {
            let means = metric.map { values in
                values.indices.filter { $0 != left }.reduce(0) { $0 + values[$1] }
            }
            return means.indices.min { means[$0] < means[$1] }!
        }
    }

    @Test(
        "In thousands of synthetic grids the plausible range holds the true best, and gains aren't flattered"
    )
    func study() {
        var generator = SeededGenerator(seed: 9)
        var (judged, flattered) = (0.0, 0.0)
        let (grids, counts) = (1500, [3, 4, 6, 8, 16, 32, 64])
        for seeds in counts {
            var held = 0
            for _ in 0..<grids {
                let study = Study(seeds: seeds, &generator)
                let best = Best(study.metric)
                #expect(best.value == study.chosen())
                if best.plausible!.contains(study.best) { held += 1 }
                // What choosing so really gains over the highest value.
                func gain(_ value: Int) -> Double { study.truth[10] - study.truth[value] }
                let really = (0..<seeds).reduce(0) { $0 + gain(study.chosen(without: $1)) }
                judged += best.gainOverHighest!.mean - really / Double(seeds)
                let (own, highest) = (study.metric[best.value!], study.metric[10])
                let naive = zip(highest, own).reduce(0) { $0 + $1.0 - $1.1 } / Double(seeds)
                flattered += naive - gain(best.value!)
            }
            let share = Double(held) / Double(grids)
            print(
                "best: with \(seeds) seeds the plausible range held the true best in \(100 * share) % of \(grids) grids"
            )
            #expect(share >= 0.95, "\(seeds) seeds")
        }
        let count = Double(grids * counts.count)
        print(
            "best: gains are off by \(judged / count) on average, \(flattered / count) if judged on the seeds that chose"
        )
        #expect(abs(judged) < 0.1 * abs(flattered))
    }
}
