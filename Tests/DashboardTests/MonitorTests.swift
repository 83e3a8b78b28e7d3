import Foundation
import Synchronization
import Testing

@testable import Dashboard

/// The page through real sockets.
@Suite(.serialized)
struct MonitorTests {
    private let made = Counter()

    private final class Counter: Sendable {
        private let count = Mutex(0)
        var value: Int { count.withLock { $0 } }
        func add() { count.withLock { $0 += 1 } }
    }

    private func monitor(port: UInt16 = 0) throws -> Monitor {
        try Monitor(
            at: try #require(WebAddress("127.0.0.1:\(port)")),
            first: { [made] in
                made.add()
                return .example
            }, figures: { [.map] })
    }

    private func numbered(_ number: Int) -> @Sendable () -> Snapshot {
        { [made] in
            made.add()
            var snapshot = Snapshot.example
            snapshot.cells.done = number
            return snapshot
        }
    }

    /// A visitor who has asked for something of the monitor.
    private final class Visitor {
        private let descriptor: CInt
        private var bytes = Data()

        var text: String { String(decoding: bytes, as: UTF8.self) }

        init(_ monitor: Monitor, _ question: String) throws {
            descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
            var name = sockaddr_in()
            name.sin_family = sa_family_t(AF_INET)
            name.sin_port = monitor.port.bigEndian
            name.sin_addr.s_addr = inet_addr("127.0.0.1")
            let isConnected = withUnsafePointer(to: &name) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            try #require(isConnected)
            say(question)
        }

        deinit { close(descriptor) }

        func say(_ words: String) {
            let bytes = Array(words.utf8)
            _ = send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL))
        }

        /// Reads until the words have come, or the end; false after some seconds without either.
        @discardableResult
        func read(until words: String? = nil) -> Bool {
            let deadline = ContinuousClock.now + .seconds(5)
            var isThere = words.map { bytes.range(of: Data($0.utf8)) != nil } ?? false
            var chunk = [UInt8](repeating: 0, count: 65536)
            while !isThere, ContinuousClock.now < deadline {
                var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                guard poll(&item, 1, 100) == 1 else { continue }
                let count = recv(descriptor, &chunk, chunk.count, 0)
                guard count > 0 else { return words == nil }
                let new = max(0, bytes.count - (words?.utf8.count ?? 0))
                bytes.append(contentsOf: chunk.prefix(count))
                isThere = words.map { bytes[new...].range(of: Data($0.utf8)) != nil } ?? false
            }
            return isThere
        }
    }

    private func get(_ monitor: Monitor, _ path: String) throws -> String {
        let visitor = try Visitor(monitor, question(monitor, path))
        #expect(visitor.read())
        return visitor.text
    }

    private func question(_ monitor: Monitor, _ path: String) -> String {
        "GET \(path)?\(monitor.url.split(separator: "?")[1]) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    }

    @Test("A page, its events as they come, and the last before the end")
    func life() throws {
        let monitor = try monitor()
        #expect(monitor.isLoopback && monitor.url.hasPrefix("http://127.0.0.1:\(monitor.port)/?"))
        #expect(try get(monitor, "/").hasPrefix("HTTP/1.1 200 OK\r\n"))
        let viewer = try Visitor(monitor, question(monitor, "/events"))
        #expect(viewer.read(until: "\"done\":4230"))
        #expect(viewer.read(until: "event: figures\n"))
        monitor.update(numbered(5000))
        #expect(viewer.read(until: "\"done\":5000"))
        #expect(try get(monitor, "/metrics").contains("\nkdsweep_dashboard_viewers 1\n"))
        #expect(try get(monitor, "/metrics").contains("\nkdsweep_cells_done_total 5000\n"))
        let asked = ContinuousClock.now
        monitor.end(numbered(6000))
        #expect(ContinuousClock.now - asked < .seconds(1))
        #expect(viewer.read(until: "\"done\":6000") && viewer.read())
        // Nobody is there any more, and the port is free.
        _ = try self.monitor(port: monitor.port)
    }

    @Test("Updates that nobody sees cost no snapshot; viewers get two a second, all the same ones")
    func economy() throws {
        let monitor = try monitor()
        for number in 0..<100_000 { monitor.update(numbered(number)) }
        #expect(made.value == 0)
        let viewers = try (0..<8).map { _ in try Visitor(monitor, question(monitor, "/events")) }
        for viewer in viewers { #expect(viewer.read(until: "\"done\":99999")) }
        let before = made.value
        let start = ContinuousClock.now
        var number = 100_000
        while ContinuousClock.now - start < .seconds(2) {
            monitor.update(numbered(number))
            number += 1
            usleep(1000)
        }
        #expect((2...6).contains(made.value - before), "\(made.value - before)")
        monitor.end(numbered(number))
        for viewer in viewers { #expect(viewer.read(until: "\"done\":\(number)")) }
    }

    @Test("A viewer who reads nothing keeps nobody waiting and has little in store")
    func slowViewer() throws {
        let monitor = try monitor()
        let large: @Sendable (Int) -> @Sendable () -> Snapshot = { number in
            {
                var snapshot = Snapshot.example
                snapshot.cells.done = number
                snapshot.reason = String(repeating: "x", count: 8_000_000)
                return snapshot
            }
        }
        monitor.update(large(1))
        let slow = try Visitor(monitor, question(monitor, "/events"))
        let quick = try Visitor(monitor, question(monitor, "/events"))
        for number in 2...4 {
            #expect(quick.read(until: "\"done\":\(number - 1),"))
            monitor.update(large(number))
        }
        #expect(quick.read(until: "\"done\":4,"))
        let (ended, last) = (DispatchSemaphore(value: 0), numbered(5))
        Thread.detachNewThread {
            monitor.end(last)
            ended.signal()
        }
        #expect(quick.read(until: "\"done\":5,") && quick.read())
        #expect(ended.wait(timeout: .now() + 2) == .success)
        // It is still at the first, of which it gets no end.
        slow.read()
        #expect(slow.text.contains("\"done\":1,") && !slow.text.contains("\"done\":2,"))
    }

    @Test("Strangers who say nothing, or much, take no place from who has the token")
    func strangers() throws {
        let monitor = try monitor()
        let viewer = try Visitor(monitor, question(monitor, "/events"))
        #expect(viewer.read(until: "event: state"))
        let silent = try (0..<200).map { _ in try Visitor(monitor, "GET / HT") }
        let loud = try Visitor(monitor, "GET / HTTP/1.1\r\n")
        loud.say(String(repeating: "x", count: 10_000))
        #expect(try get(monitor, "/").hasPrefix("HTTP/1.1 200 OK\r\n"))
        monitor.update(numbered(7))
        #expect(viewer.read(until: "\"done\":7,"))
        #expect(silent.count == 200)
        let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        #expect(descriptors < 400, "\(descriptors)")
        monitor.end(numbered(8))
        #expect(viewer.read(until: "\"done\":8,"))
    }

    @Test("What can't be listened at is refused with what would be right")
    func refusals() throws {
        let monitor = try monitor()
        func fault(_ address: String) throws -> String {
            let address = try #require(WebAddress(address))
            do {
                _ = try Monitor(at: address, first: { .example }, figures: { [] })
                return ""
            } catch { return "\(error)" }
        }
        #expect(
            try fault("\(monitor.port)")
                == "--dashboard 127.0.0.1:\(monitor.port): Address already in use; give another "
                + "port, or 0 for a free one")
        #expect(try fault("192.0.2.1:0").hasSuffix("; give an address of this machine"))
        #expect(
            try fault("no.such.host.invalid:0").hasPrefix("--dashboard no.such.host.invalid:0: "))
    }

    @Test("An IPv6 address, every address, and who is told that others can see it")
    func addresses() throws {
        let six = try Monitor(
            at: try #require(WebAddress("[::1]:0")), first: { .example }, figures: { [] })
        #expect(six.isLoopback && six.url.hasPrefix("http://[::1]:\(six.port)/?token="))
        let every = try Monitor(
            at: try #require(WebAddress("*:0")), first: { .example }, figures: { [] })
        #expect(!every.isLoopback && !every.url.contains("*"))
        #expect(try get(every, "/").hasPrefix("HTTP/1.1 200 OK\r\n"))
    }
}
