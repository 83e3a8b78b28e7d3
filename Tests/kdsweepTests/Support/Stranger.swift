import Foundation
import Testing

/// ZeroMQ's wire protocol, as far as somebody without a key can speak it.
enum Zmtp {
    static let greetingLength = 64

    static func greeting(mechanism: String) -> [UInt8] {
        let name = Array(mechanism.utf8)
        return [0xff] + [UInt8](repeating: 0, count: 8) + [0x7f, 3, 0]
            + name + [UInt8](repeating: 0, count: 20 - name.count)
            + [UInt8](repeating: 0, count: 32)
    }

    /// The command by which a dealer without mechanism says that it is one.
    static let ready: [UInt8] = {
        let body =
            [5] + Array("READY".utf8) + [11] + Array("Socket-Type".utf8) + [0, 0, 0, 6]
            + Array("DEALER".utf8)
        return [4, UInt8(body.count)] + body
    }()

    static let message: [UInt8] = [0, 3, 1, 2, 3]
}

final class Stranger {
    private let descriptor: Int32

    init(port: UInt16) throws {
        let (descriptor, isConnected) = Self.connection(to: port)
        self.descriptor = descriptor
        try #require(isConnected)
        var patience = timeval(tv_sec: 15, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience,
            socklen_t(MemoryLayout<timeval>.size))
    }

    /// Nil where nobody listens, or not any more.
    init?(ifOpen port: UInt16) {
        let (descriptor, isConnected) = Self.connection(to: port)
        self.descriptor = descriptor
        guard isConnected else { return nil }
        // Who isn't listened to doesn't wait.
        var patience = timeval(tv_sec: 0, tv_usec: 100_000)
        setsockopt(
            descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience,
            socklen_t(MemoryLayout<timeval>.size))
    }

    private static func connection(to port: UInt16) -> (Int32, Bool) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return (descriptor, code == 0)
    }

    /// Whether it could be said.
    func tell(_ words: [UInt8]) -> Bool {
        send(descriptor, words, words.count, Int32(MSG_NOSIGNAL)) == words.count
    }

    deinit { close(descriptor) }

    func say(_ words: [UInt8]) {
        _ = send(descriptor, words, words.count, Int32(MSG_NOSIGNAL))
    }

    /// Everything that comes back until the other side hangs up, which it must.
    func answer(to words: [UInt8]) throws -> [UInt8] {
        say(words)
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 { answer += buffer[..<count] }
            if count == 0 || (count < 0 && errno == ECONNRESET) { return answer }
            try #require(count > 0, "it was not hung up on")
        }
    }
}
