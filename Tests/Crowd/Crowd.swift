import Foundation

/// Strangers who come to a port of this machine all at once, and stay for as long as they may.
///
/// A process of their own, since each of them takes a descriptor: with thousands of these
/// Foundation fails to start processes while others come and go.
///
///     Crowd PORT COUNT [--of PID] [--saying WORDS]
///
/// COUNT of them come, or with --of as many as it takes, 5,000 more at most, until that process has
/// COUNT descriptors. Then it writes "there". With --saying each of them says these
/// words (bytes in hexadecimal) and listens; when all have been hung up on it writes how many
/// bytes came back to the one who heard most. It leaves when its standard input ends.
@main struct Crowd {
    private let port: UInt16
    private let words: [UInt8]
    private var descriptors: [Int32] = []

    private init(port: UInt16, words: [UInt8]) {
        self.port = port
        self.words = words
    }

    static func main() {
        Thread.detachNewThread {
            while readLine() != nil {}
            exit(0)
        }
        let arguments = CommandLine.arguments
        guard arguments.count >= 3, let port = UInt16(arguments[1]), let count = Int(arguments[2])
        else { fail("which port, and how many?") }
        raiseDescriptorLimit()
        var crowd = Crowd(port: port, words: bytes(ofHexadecimal: option("--saying") ?? ""))
        crowd.come(count)
        if let host = option("--of") { crowd.fill(host, upTo: count) }
        say("there")
        if !crowd.words.isEmpty { say("\(crowd.mostHeard())") }
        while true { pause() }
    }

    private static func option(_ name: String) -> String? {
        let arguments = CommandLine.arguments
        guard let index = arguments.firstIndex(of: name), index + 1 < arguments.count else {
            return nil
        }
        return arguments[index + 1]
    }

    /// Past the buffers, whose flushing would wait for standard input.
    private static func say(_ line: String) {
        FileHandle.standardOutput.write(Data("\(line)\n".utf8))
    }

    private static func bytes(ofHexadecimal text: String) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map {
            UInt8(digits[$0] * 16 + digits[$0 + 1])
        }
    }

    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    private mutating func come(_ count: Int) {
        for _ in 0..<count { come() }
    }

    /// Of those who come faster than they are let in the kernel forgets some.
    private mutating func fill(_ host: String, upTo count: Int) {
        var there = 0
        while there < count {
            let before = there
            usleep(10_000)
            there = Self.descriptorCount(of: host)
            // It lets in those who have come.
            guard there <= before else { continue }
            guard descriptors.count < count + 5000 else { fail("\(host) lets nobody in") }
            come(100)
        }
    }

    private static func descriptorCount(of process: String) -> Int {
        guard
            let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")
        else { fail("no process \(process)") }
        return names.count
    }

    private mutating func come() {
        // Who has something to say waits until it can be said.
        let patience = words.isEmpty ? SOCK_NONBLOCK.rawValue : 0
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | patience), 0)
        guard descriptor >= 0 else { fail("socket: \(String(cString: strerror(errno)))") }
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
        guard code == 0 || errno == EINPROGRESS else {
            fail("connect: \(String(cString: strerror(errno)))")
        }
        if !words.isEmpty { _ = send(descriptor, words, words.count, Int32(MSG_NOSIGNAL)) }
        // Not all at once: of those the kernel would forget some.
        if descriptors.count.isMultiple(of: 20) { usleep(1000) }
    }

    /// The bytes that came back to the one who heard most, when all have been hung up on.
    private func mostHeard() -> Int {
        var counts = descriptors.map { _ in 0 }
        var waiting = Set(descriptors.indices)
        while !waiting.isEmpty {
            for index in waiting {
                guard let count = hear(at: descriptors[index]) else { continue }
                counts[index] += count
                if count == 0 { waiting.remove(index) }
            }
            usleep(2000)
        }
        return counts.max() ?? 0
    }

    /// Bytes that have come, 0 after a hang-up; nil while there is nothing.
    private func hear(at descriptor: Int32) -> Int? {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        if count >= 0 { return count }
        return errno == EAGAIN ? nil : 0
    }
}

private func fail(_ complaint: String) -> Never {
    FileHandle.standardError.write(Data("\(complaint)\n".utf8))
    exit(1)
}
