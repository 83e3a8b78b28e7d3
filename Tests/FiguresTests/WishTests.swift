import Sweep
import Testing

@testable import Figures

@Suite struct WishTests {
    private func sketch(_ wish: Wish, of sweep: Sweep = smallSweep()) throws -> Sketch {
        let sketches = try wish.sketches(of: sweep)
        try #require(sketches.count == 1)
        return sketches[0]
    }

    @Test("What isn't said follows from the axes that vary")
    func defaults() throws {
        let norm = try sketch(Wish(measures: [.metric(.weightNorm)]))
        #expect(norm.x == .sampleSize && norm.lines == .softRatio && norm.panels == .teacherNoise)
        #expect(norm.name == "weight_norm-by-sample_size")
        #expect(norm.title == "Weight norm |Δ| against sample size")
        let widths = try sketch(
            Wish(x: .width, lines: .axis(.sampleSize), panels: Wish.Choice.none))
        #expect(widths.measures == [.metric(.studentError)])
        #expect(widths.lines == .sampleSize && widths.panels == nil)
        let taken = try sketch(Wish(x: .softRatio, panels: .axis(.teacherNoise)))
        #expect(taken.lines == .sampleSize, "the panels' axis isn't free for lines")
    }

    @Test("Several metrics are a line each")
    func several() throws {
        let risks = try sketch(
            Wish(
                x: .sampleSize, measures: [.metric(.oracleRisk), .metric(.riskBound)],
                panels: .axis(.softRatio)))
        #expect(risks.lines == nil && risks.panels == .softRatio && risks.measures.count == 2)
    }

    @Test("Axes are held to values")
    func at() throws {
        let held = try sketch(
            Wish(
                x: .softRatio,
                at: [.sampleSize: [64, 16], .teacherNoise: [0.5], .width: [.infinity]],
                name: "mine"))
        #expect(held.name == "mine")
        #expect(
            held.lines == .sampleSize && held.panels == nil, "of the others none varies any more")
        #expect(held.positions[.sampleSize] == [0, 2])
        #expect(held.positions[.teacherNoise] == [1] && held.positions[.width] == [2])
        let standard = try Wish(at: [.teacherNoise: [0.5], .width: [64, 256]])
            .sketches(of: smallSweep())
        let names = standard.map(\.name)
        #expect(names[0] == "student-error-at-width-64-256-at-teacher_noise-0.5")
        #expect(!names.contains { $0.contains("error-map") }, "noise doesn't vary any more")
        #expect(standard[0].panels == .width && standard[0].positions[.width] == [0, 1])
        let wide = try Wish(at: [.width: [64]]).sketches(of: smallSweep())
        #expect(wide[0].positions[.width] == [0])
        #expect(
            wide.map(\.name).allSatisfy { $0.hasSuffix("-at-width-64") && !$0.hasPrefix("width") })
    }

    @Test("What is chosen is in the name, so that no figure takes another one's place")
    func names() throws {
        let wishes = [
            Wish(x: .width), Wish(x: .width, lines: .axis(.sampleSize)),
            Wish(x: .width, lines: Wish.Choice.none), Wish(x: .width, panels: .axis(.sampleSize)),
            Wish(x: .width, at: [.sampleSize: [16]]), Wish(x: .width, at: [.sampleSize: [32]]),
            Wish(x: .width, logarithms: Logarithms(x: true, y: false)),
            Wish(x: .width, logarithms: Logarithms(x: false, y: false)),
        ]
        let names = try wishes.map { try sketch($0).name }
        #expect(Set(names).count == wishes.count, "\(names)")
        #expect(names[1] == "student_error-by-width-lines-sample_size")
        #expect(names[7] == "student_error-by-width-log-none")
        let logarithmic = try Wish(logarithms: Logarithms(x: true, y: true))
            .sketches(of: smallSweep())
        #expect(logarithmic.allSatisfy { $0.name.hasSuffix("-log-x-y") })
        let limit = try sketch(Wish(x: .width, at: [.width: [64, .infinity]]))
        #expect(limit.name == "student_error-by-width-at-width-64-inf")
    }

    @Test(
        "What can't be drawn is refused with what could",
        arguments: [
            (
                Wish(x: .temperature),
                "--x temperature: it has only one value; axes with several are "
                    + "sample_size, soft_ratio, teacher_noise, width"
            ),
            (
                Wish(x: .width, lines: .axis(.width)),
                "--lines width: the figure has that axis already"
            ),
            (
                Wish(lines: .axis(.width), panels: .axis(.width)),
                "--panels width: the figure has that axis already"
            ),
            (
                Wish(measures: [.metric(.spoiled), .metric(.corrected)], lines: .axis(.width)),
                "--y names 2 metrics, which are the lines: leave out --lines"
            ),
            (
                Wish(at: [.softRatio: [0.25]]), "--at soft_ratio=0.25: the sweep has 0, 0.3, 1"
            ),
            (
                Wish(x: .width, name: "error-map"),
                "--name error-map: a figure that plot draws without options is called so; "
                    + "give another name"
            ),
            (
                Wish(at: [.width: [65]]), "--at width=65: the sweep has 64, 256, ∞"
            ),
            (
                Wish(
                    x: .softRatio, lines: Wish.Choice.none, panels: Wish.Choice.none,
                    at: [.width: [64, 256]]),
                "--at width: of an axis that is neither x, lines nor panels give one value, "
                    + "or draw it with --lines width"
            ),
        ])
    func refused(wish: Wish, message: String) {
        #expect(throws: Wish.Impossible(description: message)) {
            try wish.sketches(of: smallSweep())
        }
    }

    @Test("Results without the metric, and sweeps without axes, say so")
    func nothing() {
        #expect(
            throws: Wish.Impossible(
                description: "the results have no student_error; --y takes transfer_risk, spoiled")
        ) {
            try Wish(x: .width).sketches(of: smallSweep(metrics: [.transferRisk, .spoiled]))
        }
        let point = smallSweep(
            width: [.infinite], sampleSize: [16], softRatio: [1], teacherNoise: [0])
        #expect(
            throws: Wish.Impossible(
                description:
                    "no axis has several values, so there is nothing to draw over; summary.csv has the numbers"
            )
        ) { try Wish().sketches(of: point) }
        #expect(
            throws: Wish.Impossible(
                description:
                    "there is nothing to draw over: every axis that is left for --x has one value")
        ) { try Wish(measures: [.metric(.studentError)]).sketches(of: point) }
    }
}
