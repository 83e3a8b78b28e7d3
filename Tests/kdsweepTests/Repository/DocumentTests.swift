import Foundation
import Testing

@testable import Sweep

/// The repository's Markdown files, held against what they speak of.
struct DocumentTests {
    private static let documents = [
        "README.md", "Sources/Benchmark/README.md", "Sources/README.md", "cluster/README.md",
        "sweeps/README.md", "sweeps/paper/README.md",
    ]

    private static func text(_ document: String) throws -> String {
        try String(contentsOf: Repository.file(document), encoding: .utf8)
    }

    @Test("Every link leads to a file that is there, and to a heading in it", arguments: documents)
    func links(document: String) throws {
        let folder = (document as NSString).deletingLastPathComponent
        for link in try Self.text(document).matches(of: /\]\(([^)\s]+)\)/).map(\.output.1) {
            if link.hasPrefix("https://") { continue }
            let parts = link.split(separator: "#", omittingEmptySubsequences: false)
            var target = document
            if !parts[0].isEmpty {
                let path = NSString.path(withComponents: [folder, String(parts[0])])
                target = (path as NSString).standardizingPath
                #expect(
                    FileManager.default.fileExists(atPath: Repository.file(target).path), "\(link)")
            }
            if parts.count > 1 {
                #expect(try Self.anchors(of: target).contains(String(parts[1])), "\(link)")
            }
        }
    }

    /// The anchors that GitHub gives a document's headings.
    private static func anchors(of document: String) throws -> [String] {
        try text(document).matches(of: /(?m)^#+ (.*)$/).map { heading in
            let kept = heading.output.1.lowercased()
                .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
            return kept.replacing(" ", with: "-")
        }
    }

    /// `.ci/run` takes the first line of README in which each of them stands.
    @Test(arguments: [
        (
            "kdsweep run sweeps/quickstart.yaml",
            "cluster/setup && swift run -c release kdsweep run sweeps/quickstart.yaml"
        ), ("swift test", "cluster/setup --tests && swift test"),
    ])
    func commands(words: String, line: String) throws {
        let lines = try Self.text("README.md").split(separator: "\n")
        #expect(try #require(lines.first { $0.contains(words) }) == line)
    }

    @Test("README is short enough to be read")
    func size() throws {
        #expect(try Self.text("README.md").utf8.count <= 10_000)
    }

    @Test(
        "The tests that a table names are there: `SuiteTests`, `SuiteTests.function`, `.function`")
    func namedTests() throws {
        let suites = try Self.suites()
        var count = 0
        for line in try Self.text("cluster/README.md").split(separator: "\n")
        where line.hasPrefix("|") {
            var sources: [String]?
            for name in line.matches(of: /`(\w+Tests)?(?:\.(\w+))?`/) {
                if let suite = name.output.1 {
                    sources = suites[String(suite)]
                    #expect(sources != nil, "\(suite)")
                }
                guard let sources, let function = name.output.2 else { continue }
                let declaration = try Regex("\\bfunc \(function)\\b")
                #expect(sources.contains { $0.contains(declaration) }, "\(name.output.0): \(line)")
                count += 1
            }
        }
        #expect(count > 50)
    }

    /// The sources of the files in which each suite is declared or extended.
    private static func suites() throws -> [String: [String]] {
        let tests = Repository.file("Tests")
        var suites: [String: [String]] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: tests.path)
        where path.hasSuffix(".swift") {
            let source = try String(contentsOf: tests.appending(path: path), encoding: .utf8)
            for suite in source.matches(of: /\b(?:struct|class|extension) (\w+Tests)\b/) {
                suites[String(suite.output.1), default: []].append(source)
            }
        }
        return suites
    }

    @Test("The reference has a row for every key, axis and metric")
    func reference() throws {
        let rows = try Set(
            Self.text("sweeps/README.md").matches(of: /(?m)^\| `([\w.]+)` \|/).map {
                String($0.output.1)
            })
        let sections = [
            (
                "",
                SweepKeys.top.filter { !["task", "student", "training", "teacher"].contains($0) }
            ),
            ("task.", SweepKeys.mixture + SweepKeys.table), ("student.", SweepKeys.student),
            ("training.", SweepKeys.training), ("teacher.", SweepKeys.teacher),
            ("", SweepKeys.grid),
            ("", Metric.allCases.map(\.rawValue)),
        ]
        for (prefix, names) in sections {
            for name in names { #expect(rows.contains(prefix + name), "\(prefix)\(name)") }
        }
    }
}
