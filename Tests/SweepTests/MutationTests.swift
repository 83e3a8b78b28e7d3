import Foundation
import Sweep
import Testing

/// Texts that are a slip or two away from a good one: each is read, or refused with a reason.
@Suite struct MutationTests {
    @Test(arguments: 0..<20)
    func sweepFiles(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        let texts = try Fixtures.names(in: "good", ending: "yaml").map {
            try String(contentsOf: Fixtures.url("good/\($0).yaml"), encoding: .utf8)
        }
        for _ in 0..<100 {
            let original = texts.randomElement(using: &random) ?? ""
            let text = mutated(original, vocabulary: Self.yaml, using: &random)
            do throws(SweepFileError) {
                let sweep = try Fixtures.sweep(text, name: "good/mutated")
                let again = try Fixtures.sweep(sweep.resolvedYAML())
                #expect(again == sweep, "\(text)")
            } catch {
                #expect(!error.faults.isEmpty, "\(text)")
                let isClear = error.faults.allSatisfy { !$0.problem.isEmpty && !$0.remedy.isEmpty }
                #expect(isClear, "\(text)")
            }
        }
    }

    @Test func tables() throws {
        var random = SplitMix(state: 1)
        let original = try #require(try Sweep(file: Fixtures.url("good/table.yaml")).table)
        let csv = try String(contentsOfFile: original.file, encoding: .utf8)
        var readable = 0
        for _ in 0..<500 {
            let data = Data(mutated(csv, vocabulary: Self.csv, using: &random).utf8)
            var reference = original
            reference.digest = sha256(data)
            do throws(SweepFileError) {
                let table = try Table(reference, data: data)
                let isFinite = (table.teacherLogits + table.features).allSatisfy(\.isFinite)
                #expect(isFinite)
                readable += 1
            } catch {
                #expect(!error.faults.isEmpty)
            }
        }
        #expect(0 < readable && readable < 500, "\(readable)")
    }

    static let yaml = [
        "0", "-1", "1e3", ".nan", "~", "[", "]", "{", "}", ":", ": ", ",", "- ", "\n", "\t", "  ",
        "\"", "'", "#", "&s ", "*s", "!!str ", "|\n", ">\n", "? ", "---\n", "...\n", "<<: *s\n",
        "%YAML 1.1\n", "\u{0}", "\u{85}", "\u{FEFF}", "\u{E000}", "é", "🙂", "infinite", "count",
        "scale: log", "seed: 1\n", "at_least", "precision: ", "student_error: ", "\\u0000",
        "\\uD800", "9223372036854775808",
    ]
    static let csv = [",", "\"", "\n", "\r", "\r\n", "0", "1", "-", "e", "nan", " ", "\u{0}", "é"]

    /// One to four deletions, insertions, repetitions and swaps of pieces of the text.
    private func mutated(
        _ text: String, vocabulary: [String], using random: inout SplitMix
    ) -> String {
        var scalars = Array(text.unicodeScalars)
        func place(_ random: inout SplitMix) -> Int {
            Int.random(in: 0...scalars.count, using: &random)
        }
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let start = place(&random)
            let end = min(scalars.count, start + Int.random(in: 0...12, using: &random))
            let word = Array((vocabulary.randomElement(using: &random) ?? "").unicodeScalars)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: scalars.removeSubrange(start..<end)
            case 1: scalars.insert(contentsOf: word, at: start)
            case 2: scalars.replaceSubrange(start..<end, with: word)
            case 3: scalars.insert(contentsOf: scalars[start..<end], at: place(&random))
            default: repeatLine(at: start, of: &scalars)
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }

    private func repeatLine(at position: Int, of scalars: inout [Unicode.Scalar]) {
        let start = scalars[..<position].lastIndex(of: "\n").map { $0 + 1 } ?? 0
        let end = scalars[position...].firstIndex(of: "\n").map { $0 + 1 } ?? scalars.count
        scalars.insert(contentsOf: scalars[start..<end], at: end)
    }
}

/// Steele, Lea & Flood 2014: the same numbers for the same seed on every machine.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
