import Foundation

/// A TCP socket that nobody inherits who is started by this process.
final class ListeningSocket: Sendable {
    let descriptor: CInt
    /// The port that 0 has become.
    let port: UInt16
    /// Whether nobody but this machine can reach it.
    let isLoopback: Bool

    /// - Throws: `DashboardError` with what would be right.
    init(at address: WebAddress) throws(DashboardError) {
        let (name, length) = try Self.resolve(address)
        let descriptor = socket(CInt(name.ss_family), Self.kind, 0)
        guard descriptor >= 0 else { throw DashboardError(address, errno) }
        isLoopback = Self.isLoopback(name)
        var yes: CInt = 1
        // Started anew, the run finds its port free, though connections of the last one linger.
        setsockopt(
            descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
        do throws(DashboardError) {
            let isBound = Self.withPointer(to: name) { bind(descriptor, $0, length) == 0 }
            guard isBound, listen(descriptor, 64) == 0 else { throw DashboardError(address, errno) }
            port = try Self.port(of: descriptor, address)
            self.descriptor = descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// The next connection, if one waits: its descriptor, which the caller closes.
    ///
    /// A child that is started at this very moment inherits it, which harms nobody: whoever is at the
    /// other end is told of its end by a shutdown.
    func accept() -> CInt? {
        let accepted = Foundation.accept(descriptor, nil, nil)
        guard accepted >= 0 else { return nil }
        _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
        _ = fcntl(accepted, F_SETFL, O_NONBLOCK)
        return accepted
    }

    /// Nobody is let in any more, and the port is free.
    func stop() { shutdown(descriptor, CInt(SHUT_RDWR)) }

    /// A stream that no child inherits and that nobody waits for.
    static let kind = CInt(
        SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)

    private static func resolve(
        _ address: WebAddress
    ) throws(DashboardError) -> (sockaddr_storage, socklen_t) {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        let host = address.host == "*" ? "0.0.0.0" : address.host
        let code = getaddrinfo(host, "\(address.port)", &hints, &found)
        guard code == 0, let first = found else {
            throw DashboardError(address, because: String(cString: gai_strerror(code)))
        }
        defer { freeaddrinfo(found) }
        var storage = sockaddr_storage()
        withUnsafeMutableBytes(of: &storage) { bytes in
            bytes.copyMemory(
                from: UnsafeRawBufferPointer(
                    start: first.pointee.ai_addr, count: Int(first.pointee.ai_addrlen)))
        }
        return (storage, first.pointee.ai_addrlen)
    }

    private static func isLoopback(_ name: sockaddr_storage) -> Bool {
        withUnsafeBytes(of: name) { bytes in
            switch CInt(name.ss_family) {
            case AF_INET:
                UInt32(bigEndian: bytes.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr) >> 24
                    == 127
            case AF_INET6:
                withUnsafeBytes(of: bytes.loadUnaligned(as: sockaddr_in6.self).sin6_addr) {
                    $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1
                }
            default: false
            }
        }
    }

    private static func port(
        of descriptor: CInt, _ address: WebAddress
    ) throws(DashboardError) -> UInt16 {
        var name = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let code = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &length)
            }
        }
        guard code == 0 else { throw DashboardError(address, errno) }
        // The port has the same place in both families.
        return withUnsafeBytes(of: name) {
            UInt16(bigEndian: $0.loadUnaligned(as: sockaddr_in.self).sin_port)
        }
    }

    private static func withPointer<Value>(
        to name: sockaddr_storage, _ body: (UnsafePointer<sockaddr>) -> Value
    ) -> Value {
        withUnsafePointer(to: name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
        }
    }
}

/// Why there can be no dashboard at an address.
public struct DashboardError: Error, Hashable, CustomStringConvertible {
    public let description: String

    init(_ address: WebAddress, because reason: String) {
        description = "--dashboard \(address): \(reason)"
    }

    /// - Parameter code: as in `errno`.
    init(_ address: WebAddress, _ code: CInt) {
        let reason = String(cString: strerror(code))
        let remedy =
            switch code {
            case EADDRINUSE: "; give another port, or 0 for a free one"
            case EADDRNOTAVAIL: "; give an address of this machine"
            case EACCES: "; give a port from 1024 on"
            default: ""
            }
        self.init(address, because: reason + remedy)
    }
}
