import Testing

@testable import Sweep

@Suite struct OneLineTests {
    @Test(
        "A reason has one line, and nothing that a terminal or a CSV would take for more than text")
    func plain() {
        #expect(oneLine("a\r\nb\u{2028}c") == "a; b; c")
        #expect(
            oneLine("\u{1B}[31mred\u{0}\tend\u{9B}\u{202E}")
                == "\u{FFFD}[31mred\u{FFFD} end\u{FFFD}\u{FFFD}")
        let words = "eta = 0.5: “ß” is λ, 日本"
        #expect(oneLine(words) == words)
    }
}
