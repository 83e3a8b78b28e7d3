import FlyingFox
import Foundation

/// Answers the page's requests. A request without the token is refused, and none changes anything.
struct Site: HTTPHandler {
    let token: Token
    let press: Press

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        var response = answer(request)
        for (name, value) in Self.fields where response.headers[HTTPHeader(name)] == nil {
            response.headers[HTTPHeader(name)] = value
        }
        if request.method == .HEAD { response.payload = .httpBody(HTTPBodySequence()) }
        return response
    }

    private func answer(_ request: HTTPRequest) -> HTTPResponse {
        guard token.matches(Self.token(of: request)) else { return Self.refusal }
        guard request.method == .GET || request.method == .HEAD else {
            return Self.sentence(
                .methodNotAllowed, "Nothing can be changed here: GET and HEAD only.",
                [HTTPHeader("Allow"): "GET, HEAD"])
        }
        switch request.path {
        case "/": return Page.live
        case "/metrics":
            let text = Metrics(press.snapshot, viewers: press.viewers).text
            return HTTPResponse(
                statusCode: .ok, headers: [.contentType: Metrics.type], body: Data(text.utf8))
        case "/events": return events
        default:
            return Self.sentence(.notFound, "There are / (the page), /events and /metrics.")
        }
    }

    private var events: HTTPResponse {
        guard let seat = press.seat() else {
            return Self.sentence(
                .serviceUnavailable, "\(Press.mostViewers) viewers are here already.")
        }
        return HTTPResponse(
            statusCode: .ok, headers: [.contentType: "text/event-stream"],
            body: HTTPBodySequence(from: Events(press: press, seat: seat)))
    }

    /// The token in a request: from the address, or from the `Authorization` header, as programs send it.
    private static func token(of request: HTTPRequest) -> String {
        if let token = request.query.first(where: { $0.name == "token" }) { return token.value }
        let words = (request.headers[.authorization] ?? "").split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "bearer" else { return "" }
        return String(words[1])
    }

    static let policy = "Content-Security-Policy"

    /// The headers of every answer that doesn't set them itself.
    private static let fields = [
        ("Cache-Control", "no-store"), (policy, "default-src 'none'; frame-ancestors 'none'"),
        ("Referrer-Policy", "no-referrer"), ("X-Content-Type-Options", "nosniff"),
    ]

    private static func sentence(
        _ status: HTTPStatusCode, _ text: String, _ headers: HTTPHeaders = [:]
    ) -> HTTPResponse {
        var headers = headers
        headers[.contentType] = "text/plain; charset=utf-8"
        return HTTPResponse(statusCode: status, headers: headers, body: Data((text + "\n").utf8))
    }

    private static var refusal: HTTPResponse {
        HTTPResponse(
            statusCode: .forbidden, headers: [.contentType: "text/html; charset=utf-8"],
            body: Data(
                """
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>Not let in – kdsweep</title>
                <main>
                <h1>Not let in</h1>
                <p>The address has no token, or not this run's. A run prints its whole address, with
                <code>?token=…</code>, when it starts; each run has a new one.</p>
                </main>
                </html>

                """.utf8))
    }
}
