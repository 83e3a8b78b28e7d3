/// An answer in HTTP/1.1, after which the connection is closed.
struct Response {
    enum Status: Int {
        case ok = 200
        case badRequest = 400
        case forbidden = 403
        case notFound = 404
        case methodNotAllowed = 405
        case requestTimeout = 408
        case headTooLarge = 431
        case unavailable = 503
        case versionNotSupported = 505

        var reason: String {
            switch self {
            case .ok: "OK"
            case .badRequest: "Bad Request"
            case .forbidden: "Forbidden"
            case .notFound: "Not Found"
            case .methodNotAllowed: "Method Not Allowed"
            case .requestTimeout: "Request Timeout"
            case .headTooLarge: "Request Header Fields Too Large"
            case .unavailable: "Service Unavailable"
            case .versionNotSupported: "HTTP Version Not Supported"
            }
        }
    }

    var status: Status
    var type: String
    /// Besides those that every answer has.
    var fields: [(name: String, value: String)] = []
    /// Nil: it follows without an end.
    var body: [UInt8]?

    init(
        _ status: Status, type: String = "text/plain; charset=utf-8",
        fields: [(name: String, value: String)] = [], body: [UInt8]?
    ) {
        self.status = status
        self.type = type
        self.fields = fields
        self.body = body
    }

    /// A sentence for a reader.
    init(_ status: Status, _ text: String, fields: [(name: String, value: String)] = []) {
        self.init(status, fields: fields, body: Array((text + "\n").utf8))
    }

    /// - Parameter isHeadOnly: what HEAD asks for.
    func encoded(isHeadOnly: Bool = false) -> [UInt8] {
        var head: [(name: String, value: String)] = [
            ("Content-Type", type), ("Cache-Control", "no-store"), ("Connection", "close"),
            ("Referrer-Policy", "no-referrer"), ("X-Content-Type-Options", "nosniff"),
        ]
        if !fields.contains(where: { $0.name == Self.policy }) {
            head.append((Self.policy, "default-src 'none'; frame-ancestors 'none'"))
        }
        if let body { head.append(("Content-Length", "\(body.count)")) }
        let lines = (head + fields).map { "\($0.name): \($0.value)\r\n" }.joined()
        let start = Array("HTTP/1.1 \(status.rawValue) \(status.reason)\r\n\(lines)\r\n".utf8)
        return isHeadOnly ? start : start + (body ?? [])
    }

    static let policy = "Content-Security-Policy"
}
