import FlyingFox
import Foundation

/// A page with figures: the frame, style and drawings that the live page and the report have in common, and what each
/// has of its own. It is one file, so that a browser needs only one address with one token, and a report no network.
struct Page {
    var title: String
    /// A sentence below the title.
    var state: String
    /// As `data-state` names it in the style; nil as long as nothing is known.
    var stateKind: String?
    /// The figures' title, and what stands in their place until they are drawn.
    var figures: String
    var waiting: String
    /// HTML before and after the figures, and after the page's main part.
    var before: String
    var after = ""
    var footer: String
    /// The script that gives the figures.
    var script: [UInt8]

    /// - Parameters:
    ///   - nonce: by which the browser admits the page's own style and script and no others.
    ///   - saysPolicy: whether the page itself says that, since no server will.
    func html(nonce: String, saysPolicy: Bool) -> String {
        let scripts = [PackageResources.figures_js, PackageResources.maps_js, script]
        let policy = """
            <meta http-equiv="Content-Security-Policy" content="\(Self.policy(nonce: nonce))">

            """
        let parts = [
            "nonce": nonce, "policy": saysPolicy ? policy : "", "title": Markup.escaped(title),
            "attributes": stateKind.map { " data-state=\"\($0)\"" } ?? "",
            "state": Markup.escaped(state), "figures": Markup.escaped(figures),
            "waiting": Markup.escaped(waiting), "before": before,
            "after": after, "footer": footer, "style": Self.text(PackageResources.page_css),
            "script": scripts.map(Self.text).joined(),
        ]
        return Markup.filled(Self.text(PackageResources.frame_html), with: parts)
    }

    static func policy(nonce: String, _ directives: String...) -> String {
        ([
            "default-src 'none'", "base-uri 'none'", "form-action 'none'", "img-src data:",
            "script-src 'nonce-\(nonce)'", "style-src 'nonce-\(nonce)'",
        ] + directives).joined(separator: "; ")
    }

    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

extension Page {
    /// The page of a run, which shows what the run sends it. Each response has a new nonce.
    static var live: HTTPResponse {
        let nonce = Token().description
        let page = Page(
            title: "kdsweep", state: "Connecting…", figures: "Figures so far",
            waiting: "None yet.",
            before: text(PackageResources.live_html),
            footer: """
                <footer><p>Results: <code id="folder"></code>. <a id="metrics" href="metrics">Metrics for \
                Prometheus</a>.</p></footer>
                <p id="news" class="unseen" role="status"></p>
                """,
            script: PackageResources.live_js)
        return HTTPResponse(
            statusCode: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8",
                HTTPHeader(Site.policy): policy(
                    nonce: nonce, "connect-src 'self'", "frame-ancestors 'none'"),
            ],
            body: Data(page.html(nonce: nonce, saysPolicy: false).utf8))
    }
}
