import Foundation
import Testing

/// Strangers who come to a coordinator's port all at once, and stay for as long as they may.
final class Crowd {
    private var descriptors: [Int32] = []
    private let port: UInt16

    /// Of no more than `limit` connections, as many as it takes until the coordinator has `count`
    /// descriptors.
    ///
    /// - Parameter words: what each of them says.
    init(
        of count: Int, limit: Int? = nil, at port: UInt16, of coordinator: Command,
        saying words: [UInt8] = []
    ) throws {
        self.port = port
        Self.raiseDescriptorLimit()
        for _ in 0..<count { try come(saying: words) }
        guard let limit else { return }
        // Of those who come faster than they are let in the kernel forgets some.
        while Self.descriptorCount(of: coordinator) < count {
            usleep(10_000)
            for _ in 0..<100 where descriptors.count < limit { try come(saying: words) }
            try #require(descriptors.count < limit, "\(Self.descriptorCount(of: coordinator))")
        }
    }

    deinit { leave() }

    func leave() {
        for descriptor in descriptors { close(descriptor) }
        descriptors = []
    }

    /// Bytes that came back to each, when all have been hung up on, which they must be.
    func answers() throws -> [Int] {
        var counts = descriptors.map { _ in 0 }
        var waiting = Set(descriptors.indices)
        try eventually {
            for index in waiting {
                guard let count = hear(at: descriptors[index]) else { continue }
                counts[index] += count
                if count == 0 { waiting.remove(index) }
            }
            return waiting.isEmpty
        }
        return counts
    }

    /// Bytes that have come, 0 after a hang-up; nil while there is nothing.
    private func hear(at descriptor: Int32) -> Int? {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        if count >= 0 { return count }
        return errno == EAGAIN ? nil : 0
    }

    private func come(saying words: [UInt8]) throws {
        // Who has something to say waits until it can be said.
        let patience = words.isEmpty ? SOCK_NONBLOCK.rawValue : 0
        let descriptor = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | patience), 0)
        try #require(descriptor >= 0, "\(String(cString: strerror(errno)))")
        descriptors.append(descriptor)
        // Without the wait of a closed connection, which would use up the ports.
        var lingering = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &lingering, socklen_t(MemoryLayout<linger>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(code == 0 || errno == EINPROGRESS, "\(String(cString: strerror(errno)))")
        if !words.isEmpty { _ = send(descriptor, words, words.count, Int32(MSG_NOSIGNAL)) }
        if descriptors.count.isMultiple(of: 20) { usleep(1000) }
    }

    static func descriptorCount(of command: Command) -> Int {
        let names = try? FileManager.default.contentsOfDirectory(
            atPath: "/proc/\(command.pid)/fd")
        return names?.count ?? 0
    }

    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
