import FlyingFox
import Foundation

/// The page. Style and script are in the same file, so that a browser needs only one address with one token.
enum Page {
    /// Each response has a new nonce, by which the browser admits the page's own style and script and no
    /// others.
    static var response: HTTPResponse {
        let nonce = Token().description
        let policy = """
            default-src 'none'; base-uri 'none'; connect-src 'self'; form-action 'none'; \
            frame-ancestors 'none'; img-src data:; script-src 'nonce-\(nonce)'; \
            style-src 'nonce-\(nonce)'
            """
        return HTTPResponse(
            statusCode: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", HTTPHeader(Site.policy): policy,
            ],
            body: Data(template.replacing("{nonce}", with: nonce).utf8))
    }

    private static let template = text(PackageResources.page_html)
        .replacing("{style}", with: text(PackageResources.page_css))
        .replacing(
            "{script}",
            with: [PackageResources.figures_js, PackageResources.maps_js, PackageResources.page_js]
                .map(text).joined())

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
