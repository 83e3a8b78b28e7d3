import Sweep
import Testing

@testable import Figures

/// Which figures a sweep gets follows from its axes and metrics.
@Suite struct StandardSketchesTests {
    /// `student-error: sample_size, lines soft_ratio, panels teacher_noise`
    private func figures(_ sweep: Sweep) -> [String] {
        Sketch.standard(of: sweep).map { sketch in
            "\(sketch.name): \(sketch.x.key)"
                + (sketch.lines.map { ", lines \($0.key)" } ?? "")
                + (sketch.panels.map { ", panels \($0.key)" } ?? "")
        }
    }

    @Test("A sweep that varies what the paper varies has all of them")
    func all() {
        #expect(
            figures(smallSweep()) == [
                "student-error: sample_size, lines soft_ratio, panels teacher_noise",
                "transfer-risk: sample_size, lines soft_ratio, panels teacher_noise",
                "data-inefficiency: soft_ratio, lines sample_size, panels teacher_noise",
                "best-soft-ratio: soft_ratio, lines teacher_noise, panels sample_size",
                "risk-bounds: sample_size, panels soft_ratio",
                "width: width, lines soft_ratio, panels teacher_noise",
                "teacher-noise: teacher_noise, lines soft_ratio, panels sample_size",
                "error-map: soft_ratio, lines teacher_noise, panels sample_size",
            ])
    }

    @Test("Axes that have one value leave their places to others that vary")
    func others() {
        #expect(
            figures(
                smallSweep(
                    width: [.infinite], softRatio: [0.5], teacherNoise: [0],
                    temperature: [1, 2, 4],
                    ridge: [0, 0.1]))
                == [
                    "student-error: sample_size, lines temperature, panels ridge",
                    "transfer-risk: sample_size, lines temperature, panels ridge",
                    "risk-bounds: sample_size",
                    "temperature: temperature, lines ridge, panels sample_size",
                    "ridge: ridge, lines temperature, panels sample_size",
                ])
        #expect(
            figures(smallSweep(width: [.infinite], sampleSize: [16], teacherNoise: [0]))
                == ["data-inefficiency: soft_ratio", "best-soft-ratio: soft_ratio"])
        #expect(
            figures(
                smallSweep(width: [.infinite], sampleSize: [16], softRatio: [1], teacherNoise: [0])
            ).isEmpty)
    }

    @Test("Metrics that weren't chosen aren't drawn")
    func metrics() {
        #expect(
            figures(smallSweep(metrics: [.transferRisk, .riskBound])) == [
                "transfer-risk: sample_size, lines soft_ratio, panels teacher_noise",
                "best-soft-ratio: soft_ratio, lines teacher_noise, panels sample_size",
                "width: width, lines soft_ratio, panels teacher_noise",
                "teacher-noise: teacher_noise, lines soft_ratio, panels sample_size",
            ])
        #expect(
            figures(
                smallSweep(
                    width: [.infinite],
                    metrics: [.weightNormLower, .weightNormUpper, .oracleRisk, .riskBound]))
                == [
                    "oracle-risk: sample_size, lines soft_ratio, panels teacher_noise",
                    "data-inefficiency: soft_ratio, lines sample_size, panels teacher_noise",
                    "soft-ratio: soft_ratio, lines teacher_noise, panels sample_size",
                    "risk-bounds: sample_size, panels soft_ratio",
                    "teacher-noise: teacher_noise, lines soft_ratio, panels sample_size",
                ])
    }

    @Test(
        "Every axis of numbers that varies has its figure",
        arguments: Axis.drawn.filter(\.isNumeric))
    func each(axis: Axis) {
        let sweep = smallSweep(
            width: axis == .width ? [.finite(64), .infinite] : [.infinite],
            steps: axis == .steps ? [.finite(10), .infinite] : [.infinite],
            sampleSize: axis == .sampleSize ? [16, 32] : [16],
            softRatio: axis == .softRatio ? [0, 1] : [0.5],
            teacherNoise: axis == .teacherNoise ? [0, 1] : [0],
            temperature: axis == .temperature ? [1, 2] : [1], ridge: axis == .ridge ? [0, 1] : [0],
            depth: axis == .depth ? [1, 3] : [3])
        let found = Sketch.standard(of: sweep)
        #expect(!found.isEmpty && found.allSatisfy { $0.x == axis })
        #expect(found.contains { $0.measures == [.metric(.studentError)] })
    }

    /// A sweep with all kinds of students.
    private let students = smallSweep(
        model: [.linearised, .network], steps: [.finite(10), .finite(100), .infinite])

    @Test("Figures of training are of students that exist")
    func training() throws {
        let sketches = Sketch.standard(of: students)
        func sketch(_ name: String) throws -> Sketch {
            try #require(sketches.first { $0.name == name }, "\(name)")
        }
        let steps = try sketch("steps")
        #expect(steps.x == .steps && steps.positions[.steps] == [0, 1, 2])
        #expect(steps.positions[.model] == [0])
        let risk = try sketch("limit-risk")
        #expect(risk.x == .steps && risk.positions[.steps] == [0, 1], "the limit has no such risk")
        let gap = try sketch("linearisation-gap")
        #expect(gap.x == .width && gap.lines == .steps && gap.positions[.model] == [1])
        #expect(gap.positions[.width] == [0, 1] && gap.positions[.steps] == [0, 1])
        let kinds = try sketch("students")
        #expect(
            kinds.variants.map(\.label) == [
                "linearised, t = ∞", "linearised, t = 100", "network, t = 100",
            ])
        // The others are of the linearised limit.
        for name in ["student-error", "best-soft-ratio", "width", "risk-bounds"] {
            let sketch = try sketch(name)
            #expect(sketch.positions[.model] == [0] && sketch.positions[.steps] == [2], "\(name)")
        }
        #expect(
            !Sketch.standard(of: smallSweep()).contains { $0.x == .steps || !$0.variants.isEmpty })
    }

    @Test("Of soft labels alone the temperature makes a difference to students that are stopped")
    func temperature() throws {
        let sweep = smallSweep(
            steps: [.finite(10), .infinite], softRatio: [0, 0.3, 1], temperature: [1, 2])
        let none = Wish.Choice.none
        func softRatio(_ measure: Metric) throws -> Double {
            let wish = Wish(
                x: .temperature, measures: [.metric(measure)], lines: none, panels: none)
            let sketch = try wish.sketches(of: sweep)[0]
            return sweep.grid.softRatio[sketch.positions[.softRatio]![0]]
        }
        #expect(try softRatio(.studentError) == 0.3 && softRatio(.excessLoss) == 1)
    }

    @Test("Models are lines with their names, of widths and steps that both have")
    func models() throws {
        let wish = Wish(x: .width, lines: .axis(.model), panels: Wish.Choice.none)
        let sketch = try wish.sketches(of: students)[0]
        #expect(sketch.positions[.width] == [0, 1] && sketch.positions[.steps] == [1])
        #expect(sketch.positions[.model] == [0, 1])
        #expect(throws: Wish.Impossible.self) { try Wish(x: .model).sketches(of: students) }
        let risk = Wish(x: .sampleSize, measures: [.metric(.weightChange)])
        let fixed = try risk.sketches(of: students)[0]
        #expect(fixed.positions[.model] == [1] && fixed.positions[.width] == [1])
    }

    @Test("A ridge is drawn of limits only, and what can't be together is refused with the reason")
    func together() throws {
        let ridged = smallSweep(
            model: [.linearised, .network], steps: [.finite(10), .infinite], ridge: [0, 0.1])
        let none = Wish.Choice.none
        func positions(_ wish: Wish) throws -> [Axis: [Int]] {
            try wish.sketches(of: ridged)[0].positions
        }
        let ridges = try positions(Wish(x: .ridge, lines: none, panels: none))
        #expect(ridges[.ridge] == [0, 1] && ridges[.steps] == [1] && ridges[.model] == [0])
        let steps = try positions(Wish(x: .steps, lines: none, panels: none))
        #expect(steps[.steps] == [0, 1] && steps[.ridge] == [0])
        let lines = try positions(Wish(x: .softRatio, lines: .axis(.ridge), panels: none))
        #expect(lines[.ridge] == [0, 1] && lines[.steps] == [1])
        let ridge = try positions(
            Wish(x: .softRatio, lines: none, panels: none, at: [.ridge: [0.1]]))
        #expect(ridge[.ridge] == [1] && ridge[.steps] == [1] && ridge[.model] == [0])
        func refusal(_ wish: Wish) -> String? {
            do { _ = try wish.sketches(of: ridged) } catch { return "\(error)" }
            return nil
        }
        let network = AxisValue.model(.network).number
        #expect(
            refusal(Wish(at: [.model: [network], .steps: [.infinity]]))
                == "--at model=network: there is no such cell, as a network needs finite steps")
        #expect(
            refusal(Wish(at: [.steps: [10], .ridge: [0.1]]))
                == "--at steps=10: there is no such cell, as a ridge above 0 needs steps: inf")
        #expect(
            refusal(Wish(x: .steps, at: [.ridge: [0.1]]))?.hasPrefix(
                "--x steps: it has only one value; axes with several are sample_size") == true)
    }

    @Test("An axis is not fixed where what is drawn makes no difference")
    func telling() throws {
        let sweep = smallSweep(softRatio: [0, 0.3, 0.6, 1], temperature: [1, 2])
        func fixed(_ axis: Axis, _ wish: Wish) throws -> Double {
            let sketch = try wish.sketches(of: sweep)[0]
            #expect(sketch.positions[axis]!.count == 1)
            return axis.values(of: sweep.grid)[sketch.positions[axis]![0]]
        }
        let none = Wish.Choice.none
        #expect(try fixed(.softRatio, Wish(x: .width, lines: none, panels: none)) == 1)
        #expect(try fixed(.softRatio, Wish(x: .temperature, lines: none, panels: none)) == 0.6)
        #expect(
            try fixed(.softRatio, Wish(x: .width, lines: .axis(.temperature), panels: none)) == 0.6)
        #expect(try fixed(.softRatio, Wish(x: .teacherNoise, lines: none, panels: none)) == 1)
        let sizes = smallSweep(sampleSize: [16, 64, 110, 128])
        func size(_ measure: Measure) throws -> [Int] {
            let wish = Wish(x: .softRatio, measures: [measure], lines: none, panels: none)
            return try wish.sketches(of: sizes)[0].positions[.sampleSize]!
        }
        #expect(try size(.metric(.studentError)) == [3])
        #expect(try size(.metric(.riskBound)) == [2], "a student of all N samples is the oracle")
        #expect(try size(.dataInefficiency) == [1], "the window around 110 ends beyond N")
    }

    @Test("Data inefficiency is drawn of the sample sizes that have a window")
    func windows() {
        let sweep = smallSweep(sampleSize: [4, 16, 100, 120], oracleSamples: 120)
        let sketch = Sketch.standard(of: sweep).first { $0.name == "data-inefficiency" }
        #expect(sketch?.positions[.sampleSize] == [1, 2])
    }

    @Test("Lines and panels are thinned to what can be told apart: the ends stay, and the best")
    func thinning() {
        let sweep = smallSweep(
            softRatio: (0...20).map { Double($0) / 20 }, teacherNoise: (0...10).map(Double.init))
        let all = Sketch.standard(of: sweep)
        let plain = all[0].thinned(of: sweep.grid, with: [:])
        #expect(plain.positions[.softRatio] == [0, 2, 5, 8, 11, 14, 17, 20])
        #expect(plain.positions[.teacherNoise] == [0, 2, 4, 6, 8, 10])
        let map = all.last!.thinned(of: sweep.grid, with: [:])
        #expect(map.kind == .map && map.positions[.softRatio]!.count == 21)
        #expect(map.positions[.teacherNoise]!.count == 11)

        // Of noise 0 soft ratio 9 is best, of noise 4 soft ratio 13, of all noise 7.
        var values: Estimates = [:]
        for (ratio, noise, error) in [(9, 0, 0.2), (13, 4, 0.3), (4, 7, 0.1), (5, 7, 0.4)] {
            let point = all[0].point(
                of: sweep.grid, [.sampleSize: 0, .softRatio: ratio, .teacherNoise: noise])
            values[point] = [.metric(.studentError): Estimate(mean: error, error: .nan, seeds: 2)]
        }
        let kept = all[0].thinned(of: sweep.grid, with: values)
        #expect(kept.positions[.teacherNoise] == [0, 2, 4, 7, 8, 10])
        #expect(kept.positions[.softRatio] == [0, 2, 4, 9, 11, 13, 17, 20])
    }

    @Test("What is kept takes the place of its neighbour, never that of the ends")
    func keeping() {
        let numbers = Array(0...10)
        #expect(thinned(numbers, to: 3) == [0, 5, 10])
        #expect(thinned(numbers, to: 3, keeping: [9]) == [0, 9, 10])
        #expect(thinned(numbers, to: 3, keeping: [5, 9]) == [0, 5, 10], "there is one place only")
        #expect(thinned(numbers, to: 4, keeping: [10, 4, 2]) == [0, 2, 4, 10])
        #expect(thinned([1, 2], to: 3, keeping: [2]) == [1, 2])
    }

    @Test(
        "What isn't drawn stays at the widest, most samples, softest, deepest, least noise and ridge"
    )
    func usual() {
        let sweep = smallSweep(
            width: [.infinite, .finite(8)], sampleSize: [64, 16], temperature: [4, 1, 0.5],
            ridge: [0.1, 0], depth: [1, 5, 3])
        let bounds = Sketch.standard(of: sweep).first { $0.name == "risk-bounds" }!
        let stays = bounds.fixed.map { "\($0.key) \(bounds.positions[$0]!)" }
        #expect(
            stays == [
                "width [0]", "model [0]", "steps [0]", "teacher_noise [0]", "temperature [1]",
                "depth [1]", "ridge [1]",
            ])
        #expect(bounds.positions[.sampleSize] == [1, 0], "ascending, though the grid isn't")
    }
}
