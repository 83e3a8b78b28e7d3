import Foundation
import Host

/// Where a coordinator listens: `tcp://*:5555` on all of its machine's IPv4 addresses, `tcp://[::]:5555`
/// on those of IPv6 too, `tcp://HOST:PORT` on one; with the port `*` on any that is free.
public struct ListeningAddress: Hashable, Sendable {
    private enum Scope: Hashable, Sendable {
        case everyIPv4
        case every
        /// A name or an address, without an IPv6 address' brackets.
        case one(String)
    }

    private let scope: Scope
    /// Nil if any port will do.
    public let port: Int?

    /// - Throws: `AccessError` that says what would be right.
    public init(_ text: String) throws(AccessError) {
        guard text.hasPrefix("tcp://"), let colon = text.lastIndex(of: ":"),
            let scope = Self.scope(text[..<colon].dropFirst("tcp://".count))
        else { throw Self.error(text) }
        self.scope = scope
        let number = text[colon...].dropFirst()
        if number == "*" {
            port = nil
        } else {
            guard let port = Int(number), (1...65535).contains(port) else { throw Self.error(text) }
            self.port = port
        }
    }

    private static func scope(_ text: Substring) -> Scope? {
        if text == "*" { return .everyIPv4 }
        guard text.contains(where: { "[:]".contains($0) }) else {
            return text.isEmpty ? nil : .one(String(text))
        }
        guard text.hasPrefix("["), text.hasSuffix("]") else { return nil }
        let address = String(text.dropFirst().dropLast())
        var bytes = in6_addr()
        guard inet_pton(AF_INET6, address, &bytes) == 1 else { return nil }
        return address == "::" ? .every : .one(address)
    }

    private static func error(_ text: String) -> AccessError {
        AccessError(
            description: "--listen \(text): it takes tcp://*:PORT, tcp://[::]:PORT for IPv6 too, "
                + "or tcp://ADDRESS:PORT with an IPv4 address, an IPv6 address in brackets or a "
                + "name of this machine; PORT is 1 to 65535, or * for a free one")
    }

    /// The endpoint to bind.
    ///
    /// - Parameter usual: the port to use where any will do; nil: a free one.
    /// - Throws: `AccessError` if a name can't be resolved.
    public func endpoint(usual: Int?) throws(AccessError) -> String {
        let host =
            switch scope {
            case .everyIPv4: "*"
            case .every: inBrackets("::")
            case .one(let host): inBrackets(try Self.address(of: host))
            }
        return "tcp://\(host):\((port ?? usual).map(String.init) ?? "*")"
    }

    /// The names and addresses under which others may reach this machine, in the order in which
    /// they ought to be tried: its name, its addresses, itself.
    public var hosts: [String] {
        switch scope {
        case .everyIPv4: Self.everyHost(of: [AF_INET])
        case .every: Self.everyHost(of: [AF_INET, AF_INET6])
        case .one(let host): [host]
        }
    }

    /// The address of a name, since libzmq listens at addresses only: an IPv4 address if the name has one,
    /// because workers resolve it to that.
    private static func address(of host: String) throws(AccessError) -> String {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var code: Int32 = 0
        for family in [AF_INET, AF_INET6] {
            hints.ai_family = family
            var first: UnsafeMutablePointer<addrinfo>?
            code = getaddrinfo(host, nil, &hints, &first)
            guard code == 0, let address = first?.pointee.ai_addr else { continue }
            defer { freeaddrinfo(first) }
            return text(address)
        }
        throw AccessError(
            description: "--listen: the name \(host) can't be resolved "
                + "(\(String(cString: gai_strerror(code)))); give an address or a name of this machine, or "
                + "listen on all with tcp://*:PORT")
    }

    private static func everyHost(of families: [Int32]) -> [String] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [Machine.current.host] }
        defer { freeifaddrs(first) }
        var (outward, inward): ([String], [String]) = ([], [])
        for family in families {
            var next = first
            while let interface = next {
                next = interface.pointee.ifa_next
                guard let address = interface.pointee.ifa_addr,
                    Int32(address.pointee.sa_family) == family,
                    interface.pointee.ifa_flags & UInt32(IFF_UP) != 0
                else { continue }
                let text = Self.text(address)
                // A link-local address has a zone, which each machine of the link names differently.
                if text.contains("%") { continue }
                if text.hasPrefix("127.") || text == "::1" {
                    inward.append(text)
                } else {
                    outward.append(text)
                }
            }
        }
        return [Machine.current.host] + outward + inward
    }

    private static func text(_ address: UnsafeMutablePointer<sockaddr>) -> String {
        let size =
            address.pointee.sa_family == AF_INET
            ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        getnameinfo(
            address, socklen_t(size), &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        return String(
            decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
