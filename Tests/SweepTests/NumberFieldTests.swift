import Foundation
import Seeded
import Testing

@testable import Sweep

/// A number is read where it stands to the same bits as its text is.
@Suite struct NumberFieldTests {
    /// What `numberField` makes of a text, followed by this; nil unless it takes all of the text.
    private func scanned(_ text: String, before end: String = ",7") -> Double? {
        let bytes = Array((text + end).utf8)
        return bytes.withUnsafeBufferPointer { bytes in
            var position = 0
            let value = numberField(bytes.baseAddress!, count: bytes.count, &position)
            return value != nil && position == text.utf8.count ? value : nil
        }
    }

    /// As a text is read: by itself, and without the blanks around it.
    private func converted(_ text: String) -> Double? {
        for text in [text, text.trimmingCharacters(in: .whitespaces)] {
            if let value = Double(decimal: text), value.isFinite { return value }
        }
        return nil
    }

    private func expectAlike(_ text: String) {
        let expected = converted(text)
        for end in [",7", "\n", "\r\n", ""] {
            let value = scanned(text, before: end)
            #expect(value?.bitPattern == expected?.bitPattern, "\(text)")
        }
    }

    @Test(arguments: [
        "0", "-0", "+0", "00", "0.0", "-0.0e5", "1", "-1", "+1", "1.", ".5", "-.5", "+.5e1", "1.e3",
        "1e3",
        "1E3", "1e+3", "1e-3", "1e03", "007", "0.1", "0.30000000000000004", "9007199254740992",
        "9007199254740993", "9007199254740993.0", "18446744073709551615", "9999999999999999999",
        "99999999999999999999", "1e22", "1e23", "1e27", "1e28", "1e308", "1.7976931348623157e308",
        "4.9e-324", "2.2250738585072011e-308", "1e-400", "0e999999999999999999999",
        "0.000000000000000000000000000000000000001", "100000000000000000000000000000", " 1", "1 ",
        "\t1\t",
        "  -2.5  ", "123456789012345678901234567890e-20",
    ])
    func corners(text: String) { expectAlike(text) }

    @Test(arguments: [
        "", " ", "-", "+", ".", "e5", "1e", "1e+", "1.2.3", "--1", "+-1", "1-", "0x10", "nan",
        "inf", "1e999",
        "-1e999", "1_000", "1 2", "1e5.0", "\u{A0}1 2", "1\"", "\"1\"", "१",
    ])
    func whatIsNoNumberIsLeft(text: String) {
        #expect(converted(text) == nil)
        #expect(scanned(text) == nil)
    }

    @Test(
        "Doubles as Python writes them, integers, and numerals of 1 to 25 digits with any point and exponent"
    )
    func random() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<20_000 {
            let double = Double(bitPattern: .random(in: 0 ... .max, using: &generator))
            if double.isFinite { expectAlike("\(double)") }
            expectAlike("\(Double.random(in: -4...4, using: &generator))")
            let digits = (0..<Int.random(in: 1...25, using: &generator)).map { _ in
                String(Int.random(in: 0...9, using: &generator))
            }
            var numeral = digits.joined()
            if Bool.random(using: &generator) {
                let place = Int.random(in: 0...digits.count, using: &generator)
                numeral = digits[..<place].joined() + "." + digits[place...].joined()
            }
            let sign = ["", "-", "+"].randomElement(using: &generator)!
            let exponent = [
                "", "", "e\(Int.random(in: -30...30, using: &generator))",
                "E\(Int.random(in: -330...310, using: &generator))",
            ].randomElement(using: &generator)!
            let blanks = ["", "", " ", "\t", "  "]
            expectAlike(
                blanks.randomElement(using: &generator)! + sign + numeral + exponent
                    + blanks.randomElement(using: &generator)!)
        }
    }

    /// Where a second rounding would go wrong: numerals at and beside the middle of two doubles.
    @Test func middles() {
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<20_000 {
            // Odd multiples of 2^k are the middle of doubles 2^(k + 1) apart.
            let shift = Int.random(in: 0...9, using: &generator)
            let middle =
                (UInt64.random(in: 1 << 52..<1 << 53, using: &generator) * 2 + 1) << shift
            for value in [middle - 1, middle, middle + 1] {
                expectAlike("\(value)")
                expectAlike("\(value)e-5")
                expectAlike("0.\(value)")
            }
        }
    }
}
