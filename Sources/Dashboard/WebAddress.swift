import FlyingSocks
import Foundation

/// Where the page is to be had: `127.0.0.1:8080`, `[::1]:8080` or a name, or a port alone, which is
/// this machine's own only. Port 0 is any that is free.
public struct WebAddress: Hashable, Sendable, CustomStringConvertible {
    /// Without an IPv6 address' brackets; `*` is every address of this machine.
    public let host: String
    public let port: UInt16

    public static let forms =
        "HOST:PORT, with an IPv6 address in brackets, or PORT alone for this machine only; port 0 is a "
        + "free one"

    /// Nil for what isn't one.
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

    public var description: String { "\(Self.inBrackets(host)):\(port)" }

    /// As it stands before a port: an IPv6 address has colons of its own.
    static func inBrackets(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
}

extension WebAddress {
    /// - Throws: `DashboardError` for a name that nobody knows.
    func resolved() throws(DashboardError) -> any SocketAddress {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host == "*" ? "0.0.0.0" : host, "\(port)", &hints, &found)
        guard code == 0, let first = found?.pointee else {
            throw DashboardError(self, because: String(cString: gai_strerror(code)))
        }
        defer { freeaddrinfo(found) }
        let bytes = UnsafeRawPointer(first.ai_addr!)
        return first.ai_family == AF_INET6
            ? bytes.loadUnaligned(as: sockaddr_in6.self)
            : bytes.loadUnaligned(as: sockaddr_in.self)
    }
}

extension Socket.Address {
    var port: UInt16 {
        switch self {
        case .ip4(_, let port), .ip6(_, let port): port
        case .unix: preconditionFailure("the page is had by TCP")
        }
    }

    /// Whether nobody but this machine can reach it.
    var isLoopback: Bool {
        switch self {
        case .ip4(let host, _): host.hasPrefix("127.")
        case .ip6(let host, _): host == "::1"
        case .unix: true
        }
    }
}

/// Why there can be no dashboard at an address.
public struct DashboardError: Error, Hashable, CustomStringConvertible {
    public let description: String

    init(_ address: WebAddress, because reason: String) {
        description = "--dashboard \(address): \(reason)"
    }

    /// - Parameter error: the server's.
    init(_ address: WebAddress, _ error: any Error) {
        guard case .failed(_, let code, _)? = error as? SocketError else {
            self.init(address, because: "\(error)")
            return
        }
        let remedy =
            switch code {
            case EADDRINUSE: "; give another port, or 0 for a free one"
            case EADDRNOTAVAIL: "; give an address of this machine"
            case EACCES: "; give a port from 1024 on"
            default: ""
            }
        self.init(address, because: String(cString: strerror(code)) + remedy)
    }
}
