import Foundation

/// Finds out whether a program listens on a port, and if not, why. libzmq would try for ever and not say.
struct Probe {
    let host: String
    let port: Int

    /// Why there is no connection; nil if one was accepted. A name is resolved to an IPv4 address, as libzmq
    /// does by default.
    func obstacle(_ limit: Duration) -> Obstacle? {
        var hints = addrinfo()
        hints.ai_family = host.contains(":") ? AF_INET6 : AF_INET
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &first)
        guard code == 0, let address = first else {
            // A name server may be away.
            return Obstacle(
                "the name can't be resolved: \(String(cString: gai_strerror(code)))",
                code == EAI_AGAIN ? .mayPass : .stays)
        }
        defer { freeaddrinfo(first) }
        let descriptor = socket(
            hints.ai_family, hints.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return Self.obstacle(errno) }
        defer { close(descriptor) }
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        if connect(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 {
            return nil
        }
        guard errno == EINPROGRESS else { return Self.obstacle(errno) }
        var item = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        let count = poll(&item, 1, Int32((limit / .milliseconds(1)).rounded(.up)))
        guard count > 0 else { return count == 0 ? .silence(for: limit) : Self.obstacle(errno) }
        var fault: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &fault, &size)
        return fault == 0 ? nil : Self.obstacle(fault)
    }

    private static func obstacle(_ code: Int32) -> Obstacle {
        Obstacle(String(cString: strerror(code)).lowercased(), .mayPass)
    }
}
