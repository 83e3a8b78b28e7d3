import Foundation

/// Where a coordinator listens: `tcp://*:5555` on all of its machine's addresses, `tcp://HOST:PORT`
/// on one; with the port `*` on any that is free.
public struct ListeningAddress: Hashable, Sendable {
    /// Nil: all.
    let host: String?
    /// Nil: any.
    public let port: Int?

    /// - Throws: `AccessError` with what would be right.
    public init(_ text: String) throws(AccessError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "tcp", parts[1].hasPrefix("//"), parts[1].count > 2
        else { throw Self.error(text) }
        let host = parts[1].dropFirst(2)
        self.host = host == "*" ? nil : String(host)
        if parts[2] == "*" {
            port = nil
        } else {
            guard let port = Int(parts[2]), (1...65535).contains(port) else {
                throw Self.error(text)
            }
            self.port = port
        }
    }

    private static func error(_ text: String) -> AccessError {
        AccessError(
            description: "--listen \(text): it takes tcp://*:PORT, or tcp://ADDRESS:PORT with an "
                + "IPv4 address or a name of this machine; PORT is 1 to 65535, or * for a free one")
    }

    /// - Parameter usual: the port instead of any.
    public func endpoint(usual: Int?) -> String {
        "tcp://\(host ?? "*"):\((port ?? usual).map(String.init) ?? "*")"
    }

    /// The names and addresses under which others may reach this machine, in the order in which
    /// they ought to be tried: its name, its addresses, itself.
    public var hosts: [String] {
        if let host { return [host] }
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [Machine.current.host] }
        defer { freeifaddrs(first) }
        var addresses: [String] = []
        var next = first
        while let interface = next {
            next = interface.pointee.ifa_next
            guard let address = interface.pointee.ifa_addr, address.pointee.sa_family == AF_INET,
                interface.pointee.ifa_flags & UInt32(IFF_UP) != 0
            else { continue }
            addresses.append(Self.text(address))
        }
        let outward = addresses.filter { !$0.hasPrefix("127.") }
        return [Machine.current.host] + outward + addresses.filter { $0.hasPrefix("127.") }
    }

    private static func text(_ address: UnsafeMutablePointer<sockaddr>) -> String {
        var text = [CChar](repeating: 0, count: Int(INET_ADDRSTRLEN))
        address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
            _ = inet_ntop(
                AF_INET, &address.pointee.sin_addr, &text, socklen_t(INET_ADDRSTRLEN))
        }
        return String(
            decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
