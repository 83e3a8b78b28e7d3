import Sweep
import Testing

@Suite struct NormWindowTests {
    /// (n, ceil(n 2^(-1/4)), floor(n 2^(1/4))), from exact integer roots.
    @Test(arguments: [
        (1, 1, 1), (2, 2, 2), (3, 3, 3), (5, 5, 5), (6, 6, 7), (7, 6, 8), (16, 14, 19),
        (32, 27, 38), (50, 43, 59), (100, 85, 118), (1024, 862, 1217), (4096, 3445, 4870),
        (1000000, 840897, 1189207), (1000000000, 840896416, 1189207115),
        (1099511627776, 924575386327, 1307547050779), (1099511627775, 924575386326, 1307547050778),
        (1000000000000007, 840896415253721, 1189207115002729),
        (9007199254740993, 7574121564787631, 10711425439985195),
        (1152921504606859321, 969487560292826941, 1371062456318119558),
        (2305843009213693952, 1938975120585633119, 2742124912636209755),
    ])
    func isExact(n: Int, lower: Int, upper: Int) {
        let window = NormWindow(around: n)
        #expect(window.lower == lower && window.upper == upper && window.next == n + 1)
    }

    @Test func isEmptyUpToFive() {
        for n in 1...5 { #expect(NormWindow(around: n).lower >= NormWindow(around: n).upper) }
        for n in 6...5000 { #expect(NormWindow(around: n).lower < NormWindow(around: n).upper) }
    }
}
