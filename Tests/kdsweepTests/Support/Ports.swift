import Foundation
import Testing

/// A TCP socket of loopback.
private struct LoopbackSocket: ~Copyable {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)

    deinit { close(descriptor) }

    /// - Parameter call: `bind` or `connect`.
    func isDone(
        _ call: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32, _ address: String, port: Int
    ) -> Bool {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = UInt16(port).bigEndian
        name.sin_addr.s_addr = inet_addr(address)
        return withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}

/// A port that nobody has, a moment ago, and that no connection is given: those come from above.
func freePort() throws -> Int {
    for _ in 0..<100 {
        let port = Int.random(in: 20_000..<32_000)
        if LoopbackSocket().isDone(bind, "127.0.0.1", port: port) { return port }
    }
    throw Occupied()
}

private struct Occupied: Error {}

func canConnect(to port: Int) -> Bool {
    LoopbackSocket().isDone(connect, "127.0.0.1", port: port)
}

/// A port that somebody listens at who never says a word.
final class SilentPort {
    private let socket = LoopbackSocket()

    init(_ address: String, port: Int) throws {
        let isBound = socket.isDone(bind, address, port: port)
        try #require(isBound)
        listen(socket.descriptor, 16)
    }
}
