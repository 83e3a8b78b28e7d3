import Testing

@testable import kdsweep

struct ArgumentTests {
    @Test(
        "Durations",
        arguments: [("90", 90), ("90s", 90), ("30m", 1800), ("1h30m", 5400), ("2d", 172_800)])
    func timeSpans(text: String, seconds: Int) {
        #expect(TimeSpan(argument: text)?.duration == .seconds(seconds))
    }

    @Test("What isn't a duration", arguments: ["", "0", "-1", "5x", "m", "1h30", "9999999999999d"])
    func noTimeSpans(text: String) { #expect(TimeSpan(argument: text) == nil) }

    @Test("Crash limits")
    func crashLimits() {
        #expect(CrashLimit(argument: "never")?.count == nil)
        #expect(CrashLimit(argument: "7") == .after(7))
        for text in ["0", "-1", "ever"] { #expect(CrashLimit(argument: text) == nil) }
    }
}
