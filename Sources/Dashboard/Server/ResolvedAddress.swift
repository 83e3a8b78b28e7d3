import Foundation

/// An address in the form that sockets take.
struct ResolvedAddress {
    fileprivate let family: CInt
    fileprivate let bytes: [UInt8]

    /// Whether only this machine can reach it.
    var isLoopback: Bool {
        bytes.withUnsafeBytes { bytes in
            switch family {
            case AF_INET:
                let address = bytes.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr
                return UInt32(bigEndian: address) >> 24 == 127
            default:
                var address = bytes.loadUnaligned(as: sockaddr_in6.self).sin6_addr
                return withUnsafeBytes(of: &address) {
                    $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1
                }
            }
        }
    }

    /// A socket that listens there.
    ///
    /// - Throws: `DashboardError` that says what would be right.
    func listen(_ name: WebAddress) throws(DashboardError) -> CInt {
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(family, kind, 0)
        guard descriptor >= 0 else { throw DashboardError(name, code: errno) }
        var isOn: CInt = 1
        let size = socklen_t(MemoryLayout<CInt>.size)
        // SO_REUSEADDR: connections of a run that has ended may still be in TIME_WAIT at this port.
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isOn, size)
        let isBound = bytes.withUnsafeBytes {
            bind(
                descriptor, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self),
                socklen_t(bytes.count)) == 0
        }
        guard isBound, Foundation.listen(descriptor, 128) == 0 else {
            let code = errno
            close(descriptor)
            throw DashboardError(name, code: code)
        }
        return descriptor
    }

    static func port(of socket: CInt) -> UInt16 {
        var storage = sockaddr_in6()
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        _ = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &size) }
        }
        // The port is at the same offset in the IPv4 and the IPv6 structure.
        return UInt16(bigEndian: storage.sin6_port)
    }
}

extension WebAddress {
    /// - Throws: `DashboardError` if the name can't be resolved.
    func resolved() throws(DashboardError) -> ResolvedAddress {
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
        return ResolvedAddress(
            family: first.ai_family,
            bytes: Array(UnsafeRawBufferPointer(start: first.ai_addr, count: Int(first.ai_addrlen)))
        )
    }
}
