import FlyingFox
import Foundation
import Testing

@testable import Dashboard

/// What is where, and who may see it.
struct SiteTests {
    private let site = Site(
        token: Token(), press: Press.example(Board { .example }))

    private struct Answer {
        let status: Int
        let headers: HTTPHeaders
        let text: String
    }

    private func ask(
        _ path: String, token: String? = nil, method: String = "GET",
        headers: [HTTPHeader: String] = [:]
    ) async throws -> Answer {
        let response = try await site.handleRequest(
            HTTPRequest(
                method: HTTPMethod(method), version: .http11, path: path,
                query: token.map { [.init(name: "token", value: $0)] } ?? [], headers: headers,
                body: Data()))
        let isStream = response.headers[.contentType] == "text/event-stream"
        return Answer(
            status: response.statusCode.code, headers: response.headers,
            text: isStream ? "" : String(decoding: try await response.bodyData, as: UTF8.self))
    }

    @Test("Nobody sees anything without the token", arguments: ["/", "/events", "/metrics", "/x"])
    func token(path: String) async throws {
        let token = site.token.description
        for guess in [nil, "", String(token.dropLast()), Token().description] {
            let answer = try await ask(path, token: guess)
            #expect(answer.status == 403)
            #expect(answer.text.contains("a new one") && !answer.text.contains("imperfect-teacher"))
        }
        #expect(try await ask(path, token: token).status != 403)
        let bearer = [HTTPHeader.authorization: "bearer \(token)"]
        #expect(try await ask(path, headers: bearer).status != 403)
        // The address counts where there are both.
        #expect(try await ask(path, token: "x", headers: bearer).status == 403)
    }

    @Test("Tokens are 32 hexadecimal digits, and no two are the same")
    func tokens() {
        let tokens = (0..<1000).map { _ in Token() }
        #expect(Set(tokens).count == 1000)
        for token in tokens {
            #expect(token.description.count == 32 && token.description.allSatisfy(\.isHexDigit))
        }
        #expect(tokens[0].matches(tokens[0].description) && !tokens[0].matches(""))
    }

    @Test("It reads only, whatever is asked")
    func methods() async throws {
        for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
            let answer = try await ask("/", token: site.token.description, method: method)
            #expect(answer.status == 405 && answer.headers[HTTPHeader("Allow")] == "GET, HEAD")
        }
        for path in ["/", "/metrics", "/events", "/x"] {
            let answer = try await ask(path, token: site.token.description, method: "HEAD")
            #expect(answer.text.isEmpty && answer.status == (path == "/x" ? 404 : 200))
        }
        #expect(site.press.viewers == 0, "who asks for the head only isn't a viewer")
    }

    @Test("The page needs nobody else, and lets only its own script run")
    func page() async throws {
        let answer = try await ask("/", token: site.token.description)
        let page = answer.text
        #expect(answer.status == 200)
        for (name, value) in [
            ("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
        ] {
            #expect(answer.headers[HTTPHeader(name)] == value)
        }
        let policy = try #require(answer.headers[HTTPHeader("Content-Security-Policy")])
        let nonce = try #require(policy.firstMatch(of: /script-src 'nonce-([0-9a-f]{32})'/)).1
        #expect(policy.contains("default-src 'none'"))
        #expect(page.contains("<script nonce=\"\(nonce)\">"))
        #expect(page.contains("<style nonce=\"\(nonce)\">"))
        #expect(
            !page.contains("{nonce}") && !page.contains("{script}") && !page.contains("{style}"))
        #expect(page.contains("new EventSource") && page.contains("function drawFigure"))
        for mark in [/src="http/, /href="http/, /@import/, /url\(/] {
            #expect(page.firstMatch(of: mark) == nil)
        }
        // Another time, another nonce.
        #expect(try await !ask("/", token: site.token.description).text.contains(nonce))
    }

    @Test("So many viewers and no more")
    func crowd() async throws {
        let token = site.token.description
        do {
            let seats = (0..<31).map { _ in site.press.seat() }
            #expect(!seats.contains { $0 == nil })
            let last = try await ask("/events", token: token)
            #expect(last.status == 200)
            #expect(last.headers[.contentType] == "text/event-stream")
            let one = site.press.seat()
            #expect(one != nil && site.press.viewers == 32)
            #expect(try await ask("/events", token: token).status == 503)
            #expect(try await ask("/", token: token).status == 200)
            withExtendedLifetime((seats, one)) {}
        }
        #expect(site.press.viewers == 0)
    }

    @Test("What isn't there is said to be elsewhere")
    func elsewhere() async throws {
        let answer = try await ask("/favicon.ico", token: site.token.description)
        #expect(answer.status == 404 && answer.text.hasSuffix("/events and /metrics.\n"))
    }

    @Test("A run's numbers in Prometheus's words")
    func metrics() async throws {
        let text = Metrics(.example, viewers: 2).text
        var growing = RunState.example
        growing.cells.expected = 20_000
        #expect(Metrics(growing, viewers: 2).text.contains("\nkdsweep_cells_expected 20000\n"))
        // No comment but for the first two.
        let values = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined(
            separator: "\n")
        #expect(text.hasPrefix("# HELP kdsweep_info The sweep.\n# TYPE kdsweep_info gauge\n"))
        #expect(text.contains("\n# TYPE kdsweep_cells_done_total counter\n"))
        #expect(
            values == """
                kdsweep_info{sweep="imperfect-teacher"} 1
                kdsweep_running 1
                kdsweep_elapsed_seconds 725.5
                kdsweep_cells_done_total 4230
                kdsweep_cells_failed_total 3
                kdsweep_cells_wanted 10330
                kdsweep_cells_stored_before 470
                kdsweep_tasks{state="waiting"} 20
                kdsweep_tasks{state="leased"} 4
                kdsweep_tasks{state="running"} 2
                kdsweep_tasks{state="finished"} 30
                kdsweep_tasks{state="failed"} 1
                kdsweep_task_attempts_total 61
                kdsweep_workers 1
                kdsweep_malformed_messages_total 5
                kdsweep_strangers_turned_away_total 2
                kdsweep_dashboard_viewers 2
                kdsweep_left_seconds 190
                kdsweep_launched_workers{state="queued"} 1
                kdsweep_launched_workers{state="running"} 2
                kdsweep_launched_workers{state="maximum"} 4
                """)
        let answer = try await ask("/metrics", token: site.token.description)
        #expect(answer.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
    }

    @Test("Addresses")
    func addresses() {
        func parts(_ text: String) -> String? { WebAddress(text).map { "\($0.host) \($0.port)" } }
        #expect(parts("8080") == "127.0.0.1 8080" && parts("0") == "127.0.0.1 0")
        #expect(parts("127.0.0.1:0") == "127.0.0.1 0" && parts("head:80") == "head 80")
        #expect(parts("[::1]:8080") == "::1 8080" && parts("*:1") == "* 1")
        #expect(WebAddress("[::1]:8080")?.description == "[::1]:8080")
        for text in [
            "", ":8080", "head", "head:", "head:65536", "-1", "::1:80", "[]:1", "[head]:1",
            "http://head:80", "a b:1", "[::1]",
        ] {
            #expect(WebAddress(text) == nil, "\(text)")
        }
    }
}
