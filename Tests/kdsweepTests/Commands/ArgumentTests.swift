import ArgumentParser
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

    @Test("Launchers, and how many workers at most")
    func launchers() throws {
        let own = try LauncherChoice("./a:b:max=3")
        #expect(own.name == "./a:b" && own.maximum == 3)
        #expect(try LauncherChoice("slurm:max=20").name == "slurm")
        for text in ["slurm", "slurm:20", "slurm:max=0", "slurm:max=x", ":max=3", ""] {
            #expect(throws: ValidationError.self) { _ = try LauncherChoice(text) }
        }
        for (text, right) in [
            ("slurm:3", "slurm:max=3"), ("slurm", "slurm:max=20"), ("ssh:max=0", "ssh:max=20"),
        ] {
            let error = #expect(throws: ValidationError.self) { _ = try LauncherChoice(text) }
            #expect(error!.message.contains("--launch \(text)") && error!.message.hasSuffix(right))
        }
    }

    @Test("Addresses")
    func addresses() {
        #expect(Address(argument: "head:5555").map { "\($0.host) \($0.port)" } == "head 5555")
        #expect(Address(argument: "[::1]:1").map { "\($0.host) \($0.port)" } == "::1 1")
        for text in ["head", ":5555", "head:", "head:0", "head:65536", "::1:5555", "[]:1"] {
            #expect(Address(argument: text) == nil)
        }
    }
}
