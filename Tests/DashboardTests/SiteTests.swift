import Testing

@testable import Dashboard

/// What is where, and who may see it.
struct SiteTests {
    private let site = Site(token: Token())

    private func request(
        _ target: String, method: String = "GET", fields: [String] = []
    ) throws -> Request {
        let lines = ["\(method) \(target) HTTP/1.1", "Host: 127.0.0.1:8080"] + fields
        return try Request(head: lines.joined(separator: "\r\n").utf8)
    }

    private func text(_ request: Request, viewers: Int = 0) throws -> String {
        switch site.answer(request, viewers: viewers, snapshot: { .example }) {
        case .page(let response, let isHeadOnly):
            String(decoding: response.encoded(isHeadOnly: isHeadOnly), as: UTF8.self)
        case .events(let response): "events " + String(decoding: response.encoded(), as: UTF8.self)
        }
    }

    private func status(_ request: Request, viewers: Int = 0) throws -> Int? {
        try Int(text(request, viewers: viewers).split(separator: " ")[1])
    }

    @Test("Nobody sees anything without the token", arguments: ["/", "/events", "/metrics", "/x"])
    func token(path: String) throws {
        let token = site.token.description
        for query in [
            "", "?token=", "?token=\(token.dropLast())", "?token=\(Token())", "?t=\(token)",
        ] {
            let answer = try text(request(path + query))
            #expect(answer.hasPrefix("HTTP/1.1 403 Forbidden\r\n"))
            #expect(answer.contains("a new one") && !answer.contains("imperfect-teacher"))
        }
        #expect(try status(request("\(path)?token=\(token)")) != 403)
        #expect(
            try status(request(path, fields: ["authorization: bearer \(token)"])) != 403)
        // The address counts where there are both.
        #expect(
            try status(request("\(path)?token=x", fields: ["Authorization: Bearer \(token)"]))
                == 403)
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
    func methods() throws {
        for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "get"] {
            let answer = try text(request("/?token=\(site.token)", method: method))
            #expect(
                answer.hasPrefix("HTTP/1.1 405 ") && answer.contains("\r\nAllow: GET, HEAD\r\n"))
        }
        for path in ["/", "/metrics", "/events", "/x"] {
            let answer = try text(request("\(path)?token=\(site.token)", method: "HEAD"))
            #expect(answer.hasSuffix("\r\n\r\n") && answer.hasPrefix("HTTP/1.1 "), "\(answer)")
        }
    }

    @Test("The page needs nobody else, and lets only its own script run")
    func page() throws {
        let page = try text(request("/?token=\(site.token)"))
        #expect(page.hasPrefix("HTTP/1.1 200 OK\r\n"))
        for field in [
            "Cache-Control: no-store", "Referrer-Policy: no-referrer",
            "X-Content-Type-Options: nosniff",
        ] {
            #expect(page.contains("\r\n\(field)\r\n"))
        }
        let nonce = try #require(page.firstMatch(of: /script-src 'nonce-([0-9a-f]{32})'/)).1
        #expect(page.contains("default-src 'none'"))
        #expect(page.contains("<script nonce=\"\(nonce)\">"))
        #expect(page.contains("<style nonce=\"\(nonce)\">"))
        #expect(
            !page.contains("{nonce}") && !page.contains("{script}") && !page.contains("{style}"))
        #expect(page.contains("new EventSource") && page.contains("function drawFigure"))
        for mark in [/src="http/, /href="http/, /@import/, /url\(/] {
            #expect(page.firstMatch(of: mark) == nil)
        }
        // Another time, another nonce.
        #expect(try !text(request("/?token=\(site.token)")).contains(nonce))
    }

    @Test("So many viewers and no more")
    func crowd() throws {
        let events = try request("/events?token=\(site.token)")
        #expect(try text(events, viewers: 31).hasPrefix("events HTTP/1.1 200 OK"))
        #expect(try text(events, viewers: 31).contains("Content-Type: text/event-stream\r\n"))
        #expect(try status(events, viewers: 32) == 503)
        #expect(try status(request("/?token=\(site.token)"), viewers: 32) == 200)
    }

    @Test("What isn't there is said to be elsewhere")
    func elsewhere() throws {
        let answer = try text(request("/favicon.ico?token=\(site.token)"))
        #expect(answer.hasPrefix("HTTP/1.1 404 ") && answer.hasSuffix("/events and /metrics.\n"))
    }

    @Test("A run's numbers in Prometheus's words")
    func metrics() throws {
        let text = Metrics(.example, viewers: 2).text
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
        let answer = try self.text(request("/metrics?token=\(site.token)"))
        #expect(answer.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
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
