import Foundation
import Host

/// Where the page listens: `127.0.0.1:8080`, `[::1]:8080`, a name and a port, or a port alone, which only this
/// machine can reach. Port 0 stands for any free one.
public struct WebAddress: Hashable, Sendable, CustomStringConvertible {
    /// Without an IPv6 address' brackets; `*` stands for all addresses of this machine.
    public let host: String
    public let port: UInt16

    public static let forms =
        "HOST:PORT, with an IPv6 address in brackets, or PORT alone for this machine only; port 0 is a "
        + "free one"

    /// Nil if the text is no such address.
    public init?(_ text: String) {
        let colon = text.lastIndex(of: ":")
        let digits = colon.map { text[text.index(after: $0)...] } ?? text[...]
        guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let port = UInt16(digits) else {
            return nil
        }
        var host = colon.map { text[..<$0] } ?? "127.0.0.1"
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(where: { ":[]/ ".contains($0) }) {
            return nil
        }
        guard !host.isEmpty else { return nil }
        (self.host, self.port) = (String(host), port)
    }

    public var description: String { "\(inBrackets(host)):\(port)" }
}
