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
                "transfer-risk: sample_size, lines soft_ratio, panels teacher_noise"
            ])
        #expect(
            figures(
                smallSweep(metrics: [.weightNormLower, .weightNormUpper, .oracleRisk, .riskBound]))
                == [
                    "data-inefficiency: soft_ratio, lines sample_size, panels teacher_noise",
                    "risk-bounds: sample_size, panels soft_ratio",
                ])
    }

    @Test("Data inefficiency is drawn of the sample sizes that have a window")
    func windows() {
        let sweep = smallSweep(sampleSize: [4, 16, 100, 120], oracleSamples: 120)
        let sketch = Sketch.standard(of: sweep).first { $0.name == "data-inefficiency" }
        #expect(sketch?.positions[.sampleSize] == [1, 2])
    }

    @Test("Lines and panels are thinned to what can be told apart, from the first to the last")
    func thinning() {
        let sweep = smallSweep(
            softRatio: (0...20).map { Double($0) / 20 }, teacherNoise: (0...10).map(Double.init))
        let sketch = Sketch.standard(of: sweep)[0]
        #expect(sketch.positions[.softRatio] == [0, 2, 5, 8, 11, 14, 17, 20])
        #expect(sketch.positions[.teacherNoise] == [0, 2, 4, 6, 8, 10])
        let map = Sketch.standard(of: sweep).last!
        #expect(map.kind == .map && map.positions[.softRatio]!.count == 21)
        #expect(map.positions[.teacherNoise]!.count == 11)
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
                "width [0]", "teacher_noise [0]", "temperature [1]", "depth [1]", "ridge [1]",
            ])
        #expect(bounds.positions[.sampleSize] == [1, 0], "ascending, though the grid isn't")
    }
}
