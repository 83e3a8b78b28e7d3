/// What is where, and who may see it. It reads only, and nobody sees anything without the token.
struct Site {
    let token: Token

    enum Answer {
        case page(Response, isHeadOnly: Bool)
        /// The head of an answer that editions follow.
        case events(Response)
    }

    static let mostViewers = 32

    /// - Parameters:
    ///   - viewers: how many there are.
    ///   - snapshot: asked only where it is needed.
    func answer(_ request: Request, viewers: Int, snapshot: () -> Snapshot) -> Answer {
        let isHeadOnly = request.method == "HEAD"
        guard token.matches(request.token) else {
            return .page(Self.refusal, isHeadOnly: isHeadOnly)
        }
        guard isHeadOnly || request.method == "GET" else {
            return .page(
                Response(
                    .methodNotAllowed, "Nothing can be changed here: GET and HEAD only.",
                    fields: [("Allow", "GET, HEAD")]), isHeadOnly: false)
        }
        switch request.path {
        case "/": return .page(Page.response, isHeadOnly: isHeadOnly)
        case "/metrics":
            let text = Metrics(snapshot(), viewers: viewers).text
            return .page(
                Response(.ok, type: Metrics.type, body: Array(text.utf8)), isHeadOnly: isHeadOnly)
        case "/events" where isHeadOnly: return .page(Self.events, isHeadOnly: true)
        case "/events":
            guard viewers < Self.mostViewers else {
                return .page(
                    Response(.unavailable, "\(viewers) viewers are here already."),
                    isHeadOnly: false)
            }
            return .events(Self.events)
        default:
            return .page(
                Response(.notFound, "There are / (the page), /events and /metrics."),
                isHeadOnly: isHeadOnly)
        }
    }

    private static let events = Response(.ok, type: "text/event-stream", body: nil)

    private static let refusal = Response(
        .forbidden, type: "text/html; charset=utf-8",
        body: Array(
            """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>Not let in – kdsweep</title>
            <main>
            <h1>Not let in</h1>
            <p>The address lacks the run's token, or has another's. A run prints its whole address, with
            <code>?token=…</code>, when it starts; each run has a new one.</p>
            </main>
            </html>

            """.utf8))
}
