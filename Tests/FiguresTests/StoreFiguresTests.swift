import Foundation
import Results
import Sweep
import Testing

@testable import Figures

/// The numbers of figures against those that went into the store, and against `summary.csv`.
@Suite struct StoreFiguresTests {
    private func cell(
        width: Width = .infinite, n: Int, softRatio: Double, noise: Double, seed: Int
    ) -> Cell {
        Grid(
            width: [width], sampleSize: [n], softRatio: [softRatio], teacherNoise: [noise],
            temperature: [1], depth: [3], ridge: [0], seed: [seed])[0]
    }

    @Test("Every point is the mean over the seeds of the right cells, with its standard error")
    func means() throws {
        let figure = try #require(try figures(smallSweep())["student-error"])
        #expect(figure.panels.map(\.title) == ["teacher noise η = 0", "teacher noise η = 0.5"])
        #expect(figure.key.title == "soft ratio ρ" && figure.x.title == "sample size n")
        for (noise, panel) in zip([0, 0.5], figure.panels) {
            #expect(panel.curves.map(\.label) == ["0", "0.3", "1"])
            for (ratio, curve) in zip([0, 0.3, 1], panel.curves) {
                #expect(curve.points.map(\.x) == [16, 32, 64])
                #expect(curve.limit == nil && curve.best == nil)
                for point in curve.points {
                    let seeds = [0, 1].map {
                        value(
                            cell(n: Int(point.x), softRatio: ratio, noise: noise, seed: $0),
                            .studentError)
                    }
                    #expect(abs(point.y - (seeds[0] + seeds[1]) / 2) < 1e-15)
                    #expect(abs(point.error! - abs(seeds[1] - seeds[0]) / 2) < 1e-15)
                }
            }
        }
    }

    @Test("All means and errors of all metrics are those of summary.csv")
    func summary() throws {
        let sweep = smallSweep(seed: [0, 1, 2])
        try withStore(of: sweep) { store, folder in
            _ = try store.export(to: folder)
            let lines = try String(contentsOf: folder.summary, encoding: .utf8)
                .split(separator: "\n").map {
                    $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                }
            let column = Dictionary(
                uniqueKeysWithValues: lines[0].enumerated().map { ($1, $0) })
            var compared = 0
            for measure in Measure.all(of: sweep) where measure.sought == nil {
                let wish = Wish(
                    x: .softRatio, measures: [measure], lines: .axis(.sampleSize),
                    panels: .axis(.teacherNoise), at: [.width: [256]])
                let figures = try store.figures(try wish.sketches(of: sweep))
                let (mean, error) =
                    switch measure {
                    case .metric, .best: ("\(measure.name)_mean", "\(measure.name)_sem")
                    case .dataInefficiency, .discreteDataInefficiency: (measure.name, "")
                    }
                let figure = try #require(figures.first, "\(measure.name)")
                for (panel, n) in zip(figure.panels, ["0", "0.5"]) {
                    for curve in panel.curves {
                        for point in curve.points {
                            let line = try #require(
                                lines.first {
                                    $0[column["width"]!] == "256"
                                        && $0[column["sample_size"]!] == curve.label
                                        && Double($0[column["soft_ratio"]!]) == point.x
                                        && Double($0[column["teacher_noise"]!]) == Double(n)
                                })
                            #expect(Double(line[column[mean]!]) == point.y)
                            if let place = column[error] {
                                #expect(Double(line[place]) == point.error)
                            }
                            compared += 1
                        }
                    }
                }
            }
            #expect(compared == 20 * 18)
        }
    }

    @Test("The best point of a curve over the soft ratio is marked")
    func best() throws {
        let figure = try #require(try figures(smallSweep())["best-soft-ratio"])
        for panel in figure.panels {
            for curve in panel.curves {
                #expect(curve.points[try #require(curve.best)].x == 0.3)
                #expect(curve.points.map(\.y).min() == curve.points[curve.best!].y)
            }
        }
    }

    @Test("Over the width the infinite one is a level, not a point")
    func limit() throws {
        let figure = try #require(try figures(smallSweep())["width"])
        #expect(figure.x.isLogarithmic)
        for curve in figure.panels.flatMap(\.curves) {
            #expect(curve.points.map(\.x) == [64, 256])
            let limit = try #require(curve.limit)
            #expect(limit.y < curve.points[1].y && limit.error != nil)
        }
        #expect(figure.caption.contains("Dashed: infinite width."))
    }

    @Test("Data inefficiency has its slope, and an error by the jackknife")
    func inefficiency() throws {
        let figure = try #require(try figures(smallSweep())["data-inefficiency"])
        for point in figure.panels.flatMap(\.curves).flatMap(\.points) {
            // |Delta_n| = n^rho for every seed.
            #expect(abs(point.y - point.x) < 1e-12)
            #expect(abs(try #require(point.error)) < 1e-12)
        }
    }

    @Test("A map has a row for each noise level")
    func map() throws {
        let figure = try #require(try figures(smallSweep())["error-map"])
        #expect(figure.panels.count == 3 && figure.y.name == "teacher_noise")
        guard case .map(let map) = figure.panels[0].content else {
            Issue.record("not a map")
            return
        }
        #expect(map.x == [0, 0.3, 1] && map.y == [0, 0.5])
        let expected = (0...1).map {
            value(cell(n: 16, softRatio: 1, noise: 0.5, seed: $0), .studentError) / 2
        }
        #expect(abs(map.values[1][2]! - expected[0] - expected[1]) < 1e-15)
    }

    @Test("What has no value yet is left out, and the caption counts it")
    func incomplete() throws {
        let some = try figures(smallSweep()) { cell in
            switch (cell.sampleSize, cell.softRatio) {
            case (64, _): nil
            case (32, 1): .singular
            case (32, 0): cell.seed == 0 ? .ok : .failed
            default: .ok
            }
        }
        let figure = try #require(some["student-error"])
        let curves = figure.panels[0].curves
        #expect(curves.map { $0.points.map(\.x) } == [[16, 32], [16, 32], [16]])
        #expect(curves[0].points[1].error == nil, "of one seed")
        #expect(curves[1].points[1].error != nil)
        #expect(
            figure.caption.contains(
                "8 of 18 points have no value: singular, diverged, failed or not computed yet."))
        #expect(figure.caption.contains("Means over 1 to 2 of 2 seeds; bands"))
        let half = try figures(smallSweep()) { $0.seed == 1 ? .ok : nil }["error-map"]
        #expect(try #require(half).caption.contains("Means over 1 of 2 seeds."))
        #expect(try figures(smallSweep()) { _ in nil }.isEmpty)
        #expect(try figures(smallSweep()) { _ in .failed }.isEmpty)
    }

    @Test(
        "Where families have different numbers of seeds, a mean over all of its family's lacks none"
    )
    func families() throws {
        let plain = smallSweep(seed: Array(0..<8), metrics: [.studentError, .teacherError])
        var sweep = Sweep(
            name: plain.name, settings: plain.settings, grid: plain.grid, metrics: plain.metrics,
            precision: Precision(
                atLeast: 2, targets: [.init(metric: .studentError, error: 0.25)]))
        // All rows are inserted, those too that nothing asks for.
        sweep.grid.seedCounts = nil
        func noisy(_ cell: Cell, _ metric: Metric) -> Double {
            value(cell, metric) + (cell.width == .finite(64) ? Double(cell.seed % 2) : 0)
        }
        try withStore(of: sweep, value: noisy) { store, _ in
            // Of two seeds the narrow ones' standard error is 0.5, so four times as many are asked for.
            #expect(store.extendSeeds() == Array(2..<8))
            let wide = try store.figures(Sketch.standard(of: store.sweep!))
            let width = try #require(wide.first { $0.name == "width" })
            #expect(width.caption.contains("Means over 2 to 8 seeds; bands"), "\(width.caption)")
            let error = try #require(wide.first { $0.name == "student-error" })
            #expect(error.caption.contains("Means over 2 seeds; bands"), "of infinite width")
            let curves = wide.flatMap { $0.panels.flatMap(\.curves) }
            #expect(!curves.isEmpty && !curves.flatMap(\.points).contains { $0.isPartial })
            let best = try store.figures(
                Wish(measures: [.best(.softRatio)]).sketches(of: store.sweep!))
            #expect(best.allSatisfy { $0.caption.contains("Best values over 2 ") }, "\(best)")
        }
    }

    @Test("Bounds are drawn on a logarithmic scale without what is 0")
    func logarithms() throws {
        let sweep = smallSweep(metrics: [.oracleRisk, .riskBound])
        try withStore(of: sweep) { store, _ in
            let figures = try store.figures(Sketch.standard(of: sweep))
            let figure = try #require(figures.first { $0.name == "risk-bounds" })
            #expect(figure.y.isLogarithmic)
            #expect(figure.colours == .distinct)
            #expect(
                figure.panels[0].curves.map(\.label) == [
                    "risk against the oracle", "the paper's bound",
                ])
        }
    }

    @Test("The caption names the sweep, what is fixed and how many seeds there are")
    func caption() throws {
        let figure = try #require(try figures(smallSweep())["student-error"])
        #expect(
            figure.caption == """
                small: m = ∞ (of 3 values), T = 1, L = 3, λ = 0. Gaussian mixture, d = 2, q = 2, \
                s = 0.5, r = 1; relu; Gaussian noise; N = 128; 100 test points. Means over 2 seeds; \
                bands are one standard error to either side. Dotted: the teacher's error.
                """)
        let one = try figures(smallSweep(width: [.infinite], teacherNoise: [0], seed: [7]))[
            "best-soft-ratio"]
        #expect(
            one?.caption == """
                small: m = ∞, η = 0, T = 1, L = 3, λ = 0. Gaussian mixture, d = 2, q = 2, s = 0.5, \
                r = 1; relu; N = 128; 100 test points. One seed. Dotted: the teacher's error.
                """)
    }

    @Test(
        "Students of three kinds have a curve each, and what can't exist isn't said to be missing")
    func students() throws {
        let sweep = smallSweep(
            model: [.linearised, .network], steps: [.finite(100), .infinite], sampleSize: [16],
            softRatio: [0.3], teacherNoise: [0])
        let figure = try #require(try figures(sweep)["students"])
        let curves = figure.panels[0].curves
        #expect(
            curves.map(\.label) == [
                "linearised, t = ∞", "linearised, t = 100", "network, t = 100",
            ])
        #expect(curves.map(\.points.count) == [2, 2, 2])
        #expect(curves.map { $0.limit == nil } == [false, false, true])
        #expect(figure.colours == .distinct && !figure.caption.contains("no value"))
        let gap = try #require(try figures(sweep)["linearisation-gap"])
        #expect(
            gap.caption.contains("model = network (of 2 values), t = 100 (of 2 values)"),
            "\(gap.caption)")
    }
}
