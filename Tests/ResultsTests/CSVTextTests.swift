import Sweep
import Testing

@testable import Results

@Suite struct CSVTextTests {
    private func field(_ value: Double) -> String {
        var csv = CSVText()
        csv.append(value)
        return String(decoding: csv.bytes, as: UTF8.self)
    }

    @Test(arguments: [
        (1.0, "1.0"), (0.3, "0.3"), (1e-5, "1e-05"), (1e16, "1e+16"),
        (0.1 + 0.2, "0.30000000000000004"),
        (-0.0, "-0.0"), (Double.leastNonzeroMagnitude, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (0x1p53, "9007199254740992.0"), (123_456_789, "123456789.0"), (.nan, ""),
    ])
    func printsTheShortestText(value: Double, text: String) {
        #expect(field(value) == text)
    }

    @Test func everyDoubleReadsBackAndLooksReal() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<100_000 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else { continue }
            let text = field(value)
            #expect(Double(text)?.bitPattern == value.bitPattern, "\(value.bitPattern)")
            #expect(text.contains { $0 == "." || $0 == "e" }, "\(text)")
        }
        for exponent in 0..<1024 {
            let value = Double(sign: .plus, exponent: exponent, significand: 1)
            #expect(Double(field(value)) == value)
            #expect(field(value).contains { $0 == "." || $0 == "e" })
        }
    }

    @Test func numbersThatComeAgainAmongOthersKeepTheirTexts() {
        let numbers =
            (0..<20_000).map { Double($0 % 7000) / 1000 - 3 } + [
                -Double.leastNonzeroMagnitude, -1.7e308, 0, -0.0,
            ]
        for _ in 0..<2 {
            var csv = CSVText()
            for number in numbers + numbers { csv.append(number) }
            let fields = String(decoding: csv.bytes, as: UTF8.self).split(separator: ",")
            #expect(fields.elementsEqual((numbers + numbers).lazy.map { Substring("\($0)") }))
        }
    }

    @Test func quotesOnlyWhereItMust() {
        var csv = CSVText()
        csv.append("plain; text")
        csv.append("a,b")
        csv.append("say \"no\"")
        csv.append("two\nlines")
        csv.append("")
        csv.append(-7)
        csv.endLine()
        csv.append("next")
        csv.endLine()
        #expect(
            String(decoding: csv.bytes, as: UTF8.self)
                == "plain; text,\"a,b\",\"say \"\"no\"\"\",\"two\nlines\",,-7\nnext\n")
    }
}
