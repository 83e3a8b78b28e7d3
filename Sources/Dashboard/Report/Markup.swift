import Foundation

/// HTML from texts.
enum Markup {
    /// The text as it stands between tags, and between the quotes of an attribute.
    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    /// A template whose `{name}` are replaced, once: what replaces one isn't looked at again.
    static func filled(_ template: String, with parts: [String: String]) -> String {
        var filled = ""
        var rest = template[...]
        while let start = rest.firstIndex(of: "{") {
            filled += rest[..<start]
            guard let end = rest[start...].firstIndex(of: "}"),
                let part = parts[String(rest[rest.index(after: start)..<end])]
            else {
                preconditionFailure("the template has another name: \(rest[start...].prefix(20))")
            }
            filled += part
            rest = rest[rest.index(after: end)...]
        }
        return filled + rest
    }

    /// - Parameter content: HTML.
    static func section(_ name: String, _ title: String, _ content: [String]) -> String {
        """
        <section aria-labelledby="\(name)-title">
        <h2 id="\(name)-title">\(escaped(title))</h2>
        \(content.joined(separator: "\n"))
        </section>
        """
    }

    static func paragraph(_ text: String) -> String { "<p>\(escaped(text))</p>" }

    /// Terms with what is said of them.
    static func facts(_ facts: [ReportPage.Fact]) -> String {
        let items = facts.map { "<dt>\(escaped($0.term))</dt><dd>\(escaped($0.text))</dd>" }
        return "<dl class=\"facts\">\n\(items.joined(separator: "\n"))\n</dl>"
    }

    /// A table that can be pushed aside where it is too wide. Its first column heads the rows.
    static func table(_ table: ReportPage.Table) -> String {
        let caption = escaped(table.caption)
        func attribute(_ column: Int) -> String {
            " class=\"\(table.columns[column].isNumber ? "number" : "prose")\""
        }
        let titles = table.columns.indices.map {
            "<th scope=\"col\"\(attribute($0))>\(escaped(table.columns[$0].title))</th>"
        }
        let rows = table.rows.map { row in
            let cells = row.enumerated().map { column, text in
                column == 0
                    ? "<th scope=\"row\"\(attribute(0))>\(escaped(text))</th>"
                    : "<td\(attribute(column))>\(escaped(text))</td>"
            }
            return "<tr>\(cells.joined())</tr>"
        }
        return """
            <div class="scroller" tabindex="0" role="region" aria-label="\(caption)">
            <table><caption>\(caption)</caption>
            <thead><tr>\(titles.joined())</tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody></table>
            </div>
            """
    }

    /// JSON as a part of a page: no text in it can end the element that it is in.
    static func data(_ name: String, _ json: [UInt8]) -> String {
        let text = String(decoding: json, as: UTF8.self).replacing("<", with: "\\u003c")
        return "<script type=\"application/json\" id=\"\(name)\">\(text)</script>"
    }
}
