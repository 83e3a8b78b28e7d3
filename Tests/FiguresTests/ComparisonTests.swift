import Foundation
import Results
import Seeded
import Sweep
import Testing

@testable import Figures

/// What figures say of comparisons within seeds: the range of what can't be told from the best, and differences.
@Suite struct ComparisonTests {
    private let sweep = smallSweep(
        width: [.infinite], sampleSize: [16, 32], softRatio: [1, 0, 0.3, 0.6],
        seed: [0, 1, 2, 3, 4, 5])

    /// An error with noise that all values of a seed share, and noise of their own.
    private func noisy(_ cell: Cell, _ metric: Metric) -> Double {
        let key = "\(cell.sampleSize) \(cell.softRatio) \(cell.teacherNoise) \(cell.seed)"
        var generator = SeededGenerator(seed: key.utf8.reduce(0) { $0 &* 31 &+ Int($1) })
        let own = Double.random(in: 0..<0.02, using: &generator)
        return value(cell, metric) + Double(cell.seed * cell.seed) / 10 + own
    }

    /// A seed at which one value of the soft ratio has no result.
    private func status(_ cell: Cell) -> Status {
        cell.seed == 5 && cell.softRatio == 0.3 && cell.sampleSize == 16 ? .singular : .ok
    }

    @Test("The ring and its bar are those of the seeds in which every value is known")
    func plausible() throws {
        try withStore(of: sweep, status: status, value: noisy) { store, _ in
            let figures = try store.figures(Sketch.standard(of: sweep))
            let figure = try #require(figures.first { $0.name == "best-soft-ratio" })
            let points = try store.bestPoints(.init(axis: .softRatio, metric: .studentError))
            #expect(points.map(\.best.seeds).sorted() == [5, 5, 6, 6])
            let ratios = sweep.grid.softRatio
            var widest = 0.0
            for (panel, n) in zip(figure.panels, [16, 32]) {
                for (curve, noise) in zip(panel.curves, [0.0, 0.5]) {
                    let point = try #require(
                        points.first {
                            sweep.grid[$0.cell].sampleSize == n
                                && sweep.grid[$0.cell].teacherNoise == noise
                        })
                    let ratio = { (value: Int) in ratios[point.positions[value]] }
                    let (best, range) = (point.best.value!, point.best.plausible!)
                    #expect(curve.points[curve.best!].x == ratio(best))
                    #expect(
                        curve.plausible
                            == .init(low: ratio(range.lowerBound), high: ratio(range.upperBound)))
                    widest = max(widest, curve.plausible!.high - curve.plausible!.low)
                }
            }
            #expect(widest > 0)
            #expect(figure.caption.contains("Bars through rings: what can't be told from the best"))
            let script = GnuplotScript(figure)
            let bars = script.data.text.components(separatedBy: "can't be told from the best:")
            #expect(bars.count == 5)
            #expect(script.text.components(separatedBy: "with xerrorbars").count == 5)
        }
    }

    @Test(
        "A figure of some values compares these only, and one of two seeds says nothing of how sure it is"
    )
    func choice() throws {
        try withStore(of: sweep, value: noisy) { store, _ in
            let wish = Wish(
                x: .softRatio, lines: .axis(.teacherNoise), panels: Wish.Choice.none,
                at: [.softRatio: [0, 1]])
            let curves = try store.figures(wish.sketches(of: sweep))[0].panels[0].curves
            #expect(curves.count == 2 && curves.allSatisfy { $0.best != nil })
            #expect(curves.allSatisfy { [0, 1].contains($0.plausible!.low) })
        }
        var few = sweep
        few.grid.seed = [0, 1]
        try withStore(of: few, value: noisy) { store, _ in
            let figures = try store.figures(Sketch.standard(of: few))
            let figure = try #require(figures.first { $0.name == "best-soft-ratio" })
            let curves = figure.panels.flatMap(\.curves)
            #expect(curves.contains { $0.best != nil })
            #expect(curves.allSatisfy { $0.plausible == nil })
            #expect(!figure.caption.contains("Bars"))
        }
    }

    @Test("Differences are within the seeds, and their errors far smaller than the means'")
    func differences() throws {
        try withStore(of: sweep, status: status, value: noisy) { store, _ in
            let wish = Wish(relativeTo: .init(.softRatio, 0))
            let figures = try store.figures(wish.sketches(of: sweep))
            let names = figures.map(\.name)
            #expect(names.contains("student-error-relative-to-soft_ratio-0"))
            #expect(!names.contains { $0.hasPrefix("data-inefficiency") })
            let figure = figures[names.firstIndex(of: "student-error-relative-to-soft_ratio-0")!]
            #expect(figure.y.name == "student_error_difference")
            #expect(
                figure.y.title == "student error, less that at ρ = 0" && !figure.y.isLogarithmic)
            #expect(figure.title == "Student error against sample size, relative to ρ = 0")
            #expect(
                figure.caption.contains("Differences within the seeds from students at ρ = 0."))
            #expect(figure.panels.allSatisfy { $0.references.isEmpty })
            let absolute = try store.figures(Sketch.standard(of: sweep))
                .first { $0.name == "student-error" }!
            for (panel, (plain, noise)) in zip(
                figure.panels, zip(absolute.panels, [0.0, 0.5]))
            {
                for (curve, ratio) in zip(panel.curves, [0.0, 0.3, 0.6, 1]) {
                    for point in curve.points {
                        let seeds = (0..<6).filter { ratio != 0.3 || point.x != 16 || $0 != 5 }
                        let values = seeds.map { seed in
                            noisy(cell(Int(point.x), ratio, noise, seed), .studentError)
                                - noisy(cell(Int(point.x), 0, noise, seed), .studentError)
                        }
                        let mean = values.reduce(0, +) / Double(values.count)
                        #expect(abs(point.y - mean) < 1e-12)
                        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
                        let count = Double(values.count)
                        let error = (squares / (count - 1) / count).squareRoot()
                        #expect(abs(point.error! - error) < 1e-12)
                        #expect(ratio != 0 || (point.y == 0 && point.error == 0))
                    }
                }
                let errors = (panel.curves + plain.curves).map { $0.points[0].error! }
                #expect(errors[1] < 0.1 * errors[5], "\(errors)")
            }
        }
    }

    private func cell(_ n: Int, _ ratio: Double, _ noise: Double, _ seed: Int) -> Cell {
        Grid(
            width: [.infinite], sampleSize: [n], softRatio: [ratio], teacherNoise: [noise],
            temperature: [1], depth: [3], ridge: [0], seed: [seed])[0]
    }

    @Test("Differences from students that don't exist, or of what no single seed has, are refused")
    func refusals() {
        func refusal(_ wish: Wish) -> String? {
            do { _ = try wish.sketches(of: sweep) } catch { return "\(error)" }
            return nil
        }
        #expect(
            refusal(Wish(relativeTo: .init(.softRatio, 0.2)))
                == "--relative-to soft_ratio=0.2: the sweep has 1, 0, 0.3, 0.6")
        #expect(
            refusal(Wish(measures: [.dataInefficiency], relativeTo: .init(.softRatio, 0)))?
                .hasPrefix("--relative-to: data_inefficiency is a statistic of all seeds") == true)
    }

    @Test("Only over the axis of the comparison a best value is ringed among differences")
    func rings() throws {
        let none = Wish.Choice.none
        for (reference, isRinged) in [
            (Wish.Reference(.softRatio, 0), true), (.init(.teacherNoise, 0), false),
        ] {
            let wish = Wish(
                x: .softRatio, lines: .axis(.teacherNoise), panels: none, relativeTo: reference)
            let sketch = try wish.sketches(of: sweep)[0]
            #expect(sketch.marksBest == isRinged)
        }
    }

    @Test("The best value of an axis is a height, with the range of what can't be told from it")
    func heights() throws {
        let measure = try #require(Measure(name: "best"))
        #expect(measure.name == "best_soft_ratio" && measure.title == "best soft ratio ρ")
        try withStore(of: sweep, status: status, value: noisy) { store, _ in
            let figures = try store.figures(
                Wish(x: .sampleSize, measures: [measure]).sketches(of: sweep))
            let figure = try #require(figures.first)
            #expect(figure.name == "best_soft_ratio-by-sample_size")
            #expect(figure.key.name == "teacher_noise" && figure.panels.count == 1)
            #expect(
                figure.caption.contains("bands reach over what can't be told from the best"))
            #expect(!figure.caption.contains("ρ ="), "the soft ratio isn't fixed")
            let ratios = sweep.grid.softRatio
            let bests = try store.bestPoints(.init(axis: .softRatio, metric: .studentError))
            for (curve, noise) in zip(figure.panels[0].curves, [0.0, 0.5]) {
                #expect(curve.points.map(\.x) == [16, 32] && curve.best == nil)
                for point in curve.points {
                    let expected = try #require(
                        bests.first {
                            Double(sweep.grid[$0.cell].sampleSize) == point.x
                                && sweep.grid[$0.cell].teacherNoise == noise
                        })
                    let ratio = { (value: Int) in ratios[expected.positions[value]] }
                    #expect(point.y == ratio(expected.best.value!) && point.error == nil)
                    let range = expected.best.plausible!
                    #expect(
                        point.range
                            == .init(low: ratio(range.lowerBound), high: ratio(range.upperBound)))
                    #expect(point.isPartial == (point.x == 16), "a seed is missing there")
                }
            }
            let script = GnuplotScript(figure)
            #expect(script.data.text.contains("is_best is_partial from to\n"))
            #expect(script.text.contains("($6 > ") && script.text.contains(":($7) with filled"))
        }
    }

    @Test(
        "A best value is drawn alone, not over its own axis, and only where it has a height",
        arguments: [
            (Wish(x: .softRatio, measures: [.best(.softRatio)]), "--x soft_ratio: the figure is"),
            (
                Wish(
                    x: .sampleSize, measures: [.best(.softRatio)], lines: .axis(.softRatio)),
                "--lines soft_ratio: the figure is to show its best value"
            ),
            (
                Wish(
                    x: .sampleSize, measures: [.best(.softRatio), .metric(.studentError)]),
                "--y best_soft_ratio: draw it alone"
            ),
            (
                Wish(x: .sampleSize, measures: [.best(.width)]),
                "the results have no best_width"
            ),
        ])
    func refusedHeights(wish: Wish, words: String) {
        let sweep = smallSweep()
        do {
            _ = try wish.sketches(of: sweep)
            Issue.record("it was drawn")
        } catch { #expect("\(error)".hasPrefix(words), "\(error)") }
    }
}
