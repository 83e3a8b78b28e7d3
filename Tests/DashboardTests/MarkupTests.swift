import Foundation
import Testing

@testable import Dashboard

@Suite struct MarkupTests {
    private static let hostile = "</script><b a=\"1\">&amp; it's"

    @Test("No text can end what it stands in")
    func escapes() {
        #expect(
            Markup.escaped(Self.hostile)
                == "&lt;/script&gt;&lt;b a=&quot;1&quot;&gt;&amp;amp; it's")
        let data = Markup.data("x", json([Self.hostile]))
        #expect(data.components(separatedBy: "</script>").count == 2)
        let inner = data.dropFirst("<script type=\"application/json\" id=\"x\">".count)
            .dropLast("</script>".count)
        let read = try? JSONDecoder().decode([String].self, from: Data(inner.utf8))
        #expect(read == [Self.hostile], "and it is read as it was")
        let table = Markup.table(
            .init(
                Self.hostile, columns: [.init(Self.hostile), .init("n", isNumber: false)],
                rows: [[Self.hostile, Self.hostile]]))
        #expect(!table.contains("<b") && !table.contains("</script"))
    }

    @Test("A template's names are replaced once, whatever replaces them")
    func filled() {
        #expect(Markup.filled("{a}-{b}-{a}", with: ["a": "{b}", "b": "x{a}"]) == "{b}-x{a}-{b}")
    }

    @Test("A report admits its own scripts only, and shows no text as markup")
    func policy() throws {
        let page = ReportPage(
            sweep: "x", state: .failed, standing: Self.hostile,
            question: [.init("Task", Self.hostile)],
            grid: .init("grid", columns: [.init("a")], rows: [["1"]]),
            answer: .init(words: [Self.hostile]), figures: [], troubles: [Self.hostile],
            failures: .init("failed", columns: [.init("Why")], rows: [[Self.hostile]]),
            origin: [.init(Self.hostile, "")],
            processors: .init("p", columns: [.init("a")], rows: []), file: Self.hostile,
            colophon: Self.hostile
        ).html
        #expect(!page.contains("<b a="))
        let nonce = try #require(page.firstMatch(of: #/script-src 'nonce-([^']+)'/#)).1
        let scripts = page.matches(of: #/<script[^>]*>/#).map { String($0.0) }
        #expect(
            Set(scripts) == [
                "<script nonce=\"\(nonce)\">", "<script type=\"application/json\" id=\"drawn\">",
            ])
        #expect(page.contains("default-src 'none'") && page.contains("data-state=\"failed\""))
    }
}
