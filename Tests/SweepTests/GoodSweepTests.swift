import Foundation

import Testing

@testable import Sweep

@Suite struct GoodSweepTests {
    @Test func leftOutKeysTakeTheirDefaults() throws {
        let sweep = try Sweep(file: Fixtures.url("good/defaults.yaml"))
        #expect(sweep.name == "defaults")
        #expect(
            sweep.settings.student
                == Student(activation: .relu, weightScale: 2.0.squareRoot(), biasScale: 0.1))
        #expect(sweep.settings.teacherNoise == .smooth(lengthscale: 1))
        #expect(sweep.settings.hardLabelSmoothing == 0.001)
        #expect(
            sweep.settings.learningTask
                == .gaussianMixture(
                    GaussianMixture(
                        dimension: 10, components: 8, spread: 0.6, separation: 1.5,
                        labels: .deterministic, seed: 0)))
        #expect(sweep.metrics == Metric.allCases)
        #expect(sweep.settings.temperatureScaling == .none)
        #expect(sweep.settings.training == Training(learningRate: 0.3, momentum: 0.9))
        #expect(sweep.grid.width == [.infinite])
        #expect(sweep.grid.model == [.linearised])
        #expect(sweep.grid.steps == [.infinite])
        #expect(sweep.grid.sampleSize == [16])
        #expect(sweep.grid.softRatio == [0.5])
        #expect(sweep.grid.teacherNoise == [0])
        #expect(sweep.grid.temperature == [1])
        #expect(sweep.grid.depth == [3])
        #expect(sweep.grid.ridge == [0])
        #expect(sweep.grid.seed == [0])
    }

    @Test("Ignored columns are no features; a range may have a step, and seeds only a count")
    func ignored() throws {
        let reading = try SweepReading(file: Fixtures.url("good/ignored.yaml"))
        let sweep = reading.sweep
        #expect(sweep.table?.features == ["height"])
        #expect(reading.repeatedRows == 1)
        #expect(sweep.settings.temperatureScaling == .squared)
        #expect(sweep.grid.width == [.infinite, .finite(64)])
        #expect(sweep.grid.softRatio == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
        #expect(sweep.grid.seed == [3, 4, 5, 6])
    }

    @Test(
        "Seeds by precision: what is left out has its default, and every family has the fewest seeds"
    )
    func precision() throws {
        let sweep = try Sweep(file: Fixtures.url("good/precision.yaml"))
        #expect(sweep.grid.seed == Array(5..<25))
        #expect(
            sweep.precision
                == Precision(
                    atLeast: 4,
                    targets: [
                        .init(metric: .transferRisk, error: 0.01),
                        .init(metric: .studentError, error: 0.001),
                    ]))
        #expect(sweep.grid.cellCount == 2 * 2 * 2 * 4)
        let text = try String(contentsOf: Fixtures.url("good/precision.yaml"), encoding: .utf8)
        let defaults = try Fixtures.sweep(
            text.replacing("from: 5, at_least: 4, at_most: 20, ", with: ""))
        #expect(defaults.grid.seed == Array(0..<256) && defaults.precision?.atLeast == 8)
        #expect(try Sweep(file: Fixtures.url("good/defaults.yaml")).precision == nil)
    }

    @Test(
        "Infinity is read as YAML, Python and prose write it",
        arguments: ["inf", ".inf", "infinite"])
    func infinity(word: String) throws {
        let text = """
            task: {kind: gaussian-mixture, dimension: 4, components: 2, spread: 0.5, separation: 1}
            oracle_samples: 16
            test_samples: 9
            grid: {width: [\(word), 8], steps: [7, \(word)], sample_size: 16, soft_ratio: 0.5}
            """
        let grid = try Fixtures.sweep(text).grid
        #expect(grid.width == [.infinite, .finite(8)] && grid.steps == [.finite(7), .infinite])
    }

    @Test("What has changed from another sweep is said in the sweep file's terms")
    func changes() throws {
        let sweep = try Sweep(file: Fixtures.url("good/defaults.yaml"))
        #expect(sweep.changes(from: sweep) == [])
        var other = sweep
        other.name = "other"
        other.grid.seed = [7]
        #expect(other.changes(from: sweep) == [])
        other.settings.testSamples = 5
        other.settings.teacherNoise = .flip
        #expect(
            other.changes(from: sweep) == [
                "teacher.noise: flip instead of smooth", "test_samples: 5 instead of 2000",
                "no teacher.lengthscale",
            ])
        let table = try Sweep(file: Fixtures.url("good/ignored.yaml"))
        var moved = table
        moved.settings.learningTask = table.settings.learningTask.with { $0.file = "/elsewhere" }
        #expect(moved.changes(from: table) == [])
        moved.settings.learningTask = table.settings.learningTask.with { $0.digest = "0" }
        #expect(moved.changes(from: table) == ["another content of task's table"])
    }

    @Test("README's tour is of the quickstart as it is")
    func readme() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let tour = try #require(readme.firstMatch(of: /```yaml\n([^`]*)```/)?.1)
        let quickstart = root.appending(path: "sweeps/quickstart.yaml")
        #expect(try Sweep(text: String(tour), file: quickstart) == Sweep(file: quickstart))
    }

    @Test func everyKeyIsRead() throws {
        let sweep = try Sweep(file: Fixtures.url("good/every-key.yaml"))
        #expect(sweep.name == "every.key-1")
        let mixture = GaussianMixture(
            dimension: 5, components: 3, spread: 0.8, separation: 2, labels: .sampled, seed: 16)
        #expect(
            sweep.settings
                == Settings(
                    learningTask: .gaussianMixture(mixture),
                    student: Student(activation: .erf, weightScale: 0.8, biasScale: 0),
                    teacherNoise: .smooth(lengthscale: 0.001), hardLabelSmoothing: 0.01,
                    temperatureScaling: .squared,
                    training: Training(learningRate: 0.5, momentum: 0),
                    oracleSamples: 1000, testSamples: 15))
        #expect(
            sweep.grid
                == Grid(
                    width: [.infinite, .finite(64), .finite(10)],
                    model: [.network, .linearised],
                    steps: [.finite(1000), .infinite, .finite(5)], sampleSize: [1000, 100, 10],
                    softRatio: [1, 0.75, 0.5, 0.25, 0], teacherNoise: [0.25],
                    temperature: [1, 4], depth: [1, 2, 3], ridge: [0, 1e-6],
                    seed: [Int.max, 0]))
        #expect(sweep.metrics == [.transferRisk, .studentError])
    }

    @Test func erfHasItsOwnWeightScale() throws {
        let sweep = try Fixtures.sweep(Self.text(top: "student: {activation: erf}"))
        #expect(sweep.settings.student.weightScale == 1.5)
    }

    @Test func byteOrderMarkAndCarriageReturns() throws {
        let text = "\u{FEFF}" + Self.text().replacing("\n", with: "\r\n")
        #expect(try Fixtures.sweep(text) == Fixtures.sweep(Self.text()))
    }

    @Test(arguments: [
        ("{from: 0, to: 1, count: 11}", [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]),
        ("{from: 1, to: 0.4, count: 3, scale: linear}", [1, 0.7, 0.4]),
        ("{from: 0.001, to: 0.1, count: 3, scale: log}", [0.001, 0.01, 0.1]),
        ("{from: 0.3, to: 0.7, count: 1}", [0.3]),
        ("{from: 0.3, to: 0.7, count: 2.0}", [0.3, 0.7]),
        ("[1, 0.5, 0]", [1, 0.5, 0]), (".5", [0.5]), ("-0.0", [0]), ("1e-3", [0.001]),
        ("+5.e-1", [0.5]),
    ])
    func reals(axis: String, values: [Double]) throws {
        let sweep = try Fixtures.sweep(Self.text(grid: "soft_ratio: \(axis)"))
        #expect(sweep.grid.softRatio.count == values.count)
        for (value, expected) in zip(sweep.grid.softRatio, values) {
            #expect(abs(value - expected) <= expected.ulp)
        }
        #expect(sweep.grid.softRatio.first == values.first)
        #expect(sweep.grid.softRatio.last == values.last)
        #expect(sweep.grid.softRatio.allSatisfy { $0.sign == .plus })
    }

    /// Ties go to even, and a log range of few integers repeats its small ones.
    @Test(arguments: [
        ("{from: 1, to: 2, count: 3}", [1, 2]),
        ("{from: 2, to: 5, count: 7}", [2, 3, 4, 5]),
        ("{from: 1, to: 8, count: 4, scale: log}", [1, 2, 4, 8]),
        ("{from: 10, to: 1, count: 4}", [10, 7, 4, 1]),
        ("{from: 7, to: 7, count: 5}", [7]),
        ("{from: 3, to: 9, count: 1, scale: log}", [3]),
        ("[1e1, 16.0, 0x11, 0o22, 019]", [10, 16, 17, 18, 19]),
    ])
    func integers(axis: String, values: [Int]) throws {
        let sweep = try Fixtures.sweep(Self.text(grid: "sample_size: \(axis)"))
        #expect(sweep.grid.sampleSize == values)
    }

    @Test(
        "Steps are integers, infinity, a list of both or a range",
        arguments: [
            ("100", [Steps.finite(100)]), ("inf", [.infinite]),
            ("[100, 1000, inf]", [.finite(100), .finite(1000), .infinite]),
            (
                "{from: 1, to: 1000, count: 4, scale: log}",
                [.finite(1), .finite(10), .finite(100), .finite(1000)]
            ),
        ])
    func steps(axis: String, values: [Steps]) throws {
        #expect(try Fixtures.sweep(Self.text(grid: "steps: \(axis)")).grid.steps == values)
    }

    @Test("A key of training that is left out has its default")
    func training() throws {
        let text = Self.text(top: "training: {momentum: 0.5}", grid: "steps: 10")
        #expect(try Fixtures.sweep(text).settings.training == Training(momentum: 0.5))
    }

    @Test func threeTenthsIsExact() throws {
        let sweep = try Fixtures.sweep(Self.text(grid: "soft_ratio: {from: 0, to: 1, count: 11}"))
        #expect(sweep.grid.softRatio[3] == 0.3)
    }

    @Test(arguments: [
        ("10", CoreScalar.integer(10)), ("010", .integer(10)), ("-0", .integer(0)),
        ("0x1F", .integer(31)), ("0o17", .integer(15)), ("1e3", .real(1000)), (".5", .real(0.5)),
        ("5.", .real(5)), ("-1.5E+2", .real(-150)), ("0e999", .real(0)),
        ("9223372036854775808", .real(0x1p63)), ("0xFFFFFFFFFFFFFFFFF", .real(0x1p68)),
        ("1e999", .unrepresentable), ("1e-999", .unrepresentable), (".nan", .notFinite),
        ("-.Inf", .notFinite), ("", .null), ("~", .null), ("null", .null), ("True", .boolean(true)),
        ("yes", .text), ("off", .text), ("nan", .text), ("inf", .text), ("0b1", .text),
        ("1_000", .text), ("1:30", .text), ("0x", .text), ("0o8", .text), ("-0x1", .text),
        ("+.nan", .text), (".", .text), ("e5", .text), ("1e", .text), ("+", .text), ("1 ", .text),
        ("２", .text), ("0x２", .text),
    ])
    func coreSchema(text: String, value: CoreScalar) {
        #expect(CoreScalar(plain: text) == value)
    }

    /// A sweep file with a mixture, and these lines in it.
    static func text(top: String = "", grid: String = "") -> String {
        """
        task: {kind: gaussian-mixture, dimension: 4, components: 2, spread: 0.5, separation: 1}
        oracle_samples: 1024
        test_samples: 100
        \(top)
        grid: {\(Self.complete(grid))}

        """
    }

    /// With a value for each axis that has to be given.
    private static func complete(_ grid: String) -> String {
        let missing = ["sample_size: 16", "soft_ratio: 0.5"].filter { axis in
            !grid.contains(axis.prefix { $0 != ":" })
        }
        return ([grid] + missing).filter { !$0.isEmpty }.joined(separator: ", ")
    }
}
