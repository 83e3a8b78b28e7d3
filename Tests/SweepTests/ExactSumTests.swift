import Seeded
import Testing

@testable import Sweep

@Suite struct ExactSumTests {
    @Test("Sums are the nearest double, whatever the order and the cancellation")
    func known() {
        #expect(ExactSum([]).rounded == 0)
        #expect(ExactSum([1e16, 1, -1e16]).rounded == 1)
        #expect(ExactSum([1e100, 1, -1e100, 1e-20]).rounded == 1)
        #expect(ExactSum([Double](repeating: 0.1, count: 10)).rounded == 1)
        // Half way between two doubles: to the even one, or to where the rest is.
        let unit = 1.0.ulp
        #expect(ExactSum([1, unit / 2]).rounded == 1)
        #expect(ExactSum([1 + unit, unit / 2]).rounded == 1 + 2 * unit)
        #expect(ExactSum([1, unit / 2, 1e-40]).rounded == 1 + unit)
        #expect(ExactSum([1 + unit, unit / 2, -1e-40]).rounded == 1 + unit)
    }

    @Test("Against integers: multiples of 2^-60 of all sizes, of which some are taken away again")
    func integers() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<2000 {
            var sum = ExactSum()
            var exact: Int128 = 0
            var terms: [(double: Double, integer: Int128)] = []
            for _ in 0..<Int.random(in: 1...40, using: &generator) {
                let digits = Int.random(in: -(1 << 53)...1 << 53, using: &generator)
                let shift = Int.random(in: 0...60, using: &generator)
                let term = (
                    Double(digits) * Double(sign: .plus, exponent: shift - 60, significand: 1),
                    Int128(digits) << shift
                )
                terms.append(term)
                sum.add(term.0)
                exact += term.1
            }
            for (double, integer) in terms.prefix(Int.random(in: 0...3, using: &generator)) {
                sum.add(-double)
                exact -= integer
            }
            // A conversion of an integer rounds to the nearest double, to the even one of two.
            #expect(sum.rounded == Double(exact) * 0x1p-60)
        }
    }
}
