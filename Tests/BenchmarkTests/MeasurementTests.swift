import Testing

@testable import Benchmark

@Suite struct MeasurementTests {
    private func measurement(_ ratio: Double, _ target: Measurement.Target?) -> Measurement {
        Measurement(
            what: "a thing, measured", ours: "1 s", other: "2 s", ratio: ratio, target: target)
    }

    @Test func aTargetIsMetOnItsOwnSideAndByAHalfLessIfSo() {
        #expect(measurement(1.2, .atMost(1.2)).isMet)
        #expect(!measurement(1.3, .atMost(1.2)).isMet)
        #expect(measurement(1.79, .atMost(1.2)).isMet(tolerance: 1.5))
        #expect(!measurement(1.81, .atMost(1.2)).isMet(tolerance: 1.5))
        #expect(measurement(5, .atLeast(5)).isMet)
        #expect(!measurement(4.9, .atLeast(5)).isMet)
        #expect(measurement(3.4, .atLeast(5)).isMet(tolerance: 1.5))
        #expect(!measurement(3.3, .atLeast(5)).isMet(tolerance: 1.5))
        #expect(measurement(.infinity, nil).isMet)
    }

    @Test func aLineSaysWhereATargetIsMissed() {
        #expect(measurement(1.3, .atMost(1.2)).line.hasSuffix("1.3      <= 1.2 MISSED"))
        #expect(measurement(1.1, .atMost(1.2)).line.hasSuffix("1.1      <= 1.2"))
        #expect(
            measurement(1.3, .atMost(1.2)).csvLine
                == "\"a thing, measured\",\"1 s\",\"2 s\",1.3,<= 1.2,no")
        #expect(measurement(1.3, nil).csvLine.hasSuffix(",1.3,,yes"))
    }

    @Test(arguments: [
        (1.2345, "1.23"), (0.00023456, "0.000235"), (98765, "98800"), (1, "1"), (0, "0.0"),
        (99.96, "100"),
    ])
    func numbersHaveThreeDigits(value: Double, text: String) {
        #expect(rounded(value) == text)
    }
}
