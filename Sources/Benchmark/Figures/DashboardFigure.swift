import Foundation
import Synchronization

/// A run of empty tasks whose dashboard has eight viewers, against the same without a dashboard.
func dashboardFigure() throws -> Measurement {
    let run = try EmptyTasks(50_000)
    var (with, without) = (Duration.seconds(1000), Duration.seconds(1000))
    var events = 0
    for _ in 0..<3 {
        without = min(without, try run.time())
        let viewers = Viewers(count: 8)
        let time = try run.time(["--dashboard", "127.0.0.1:0"]) { coordinator in
            let said = try coordinator.said()
            guard let match = said.firstMatch(of: /dashboard: http:..127\.0\.0\.1:(\d+)\/\?(\S+)/),
                let port = UInt16(match.1)
            else { throw Program.Failure(description: "no address of a dashboard: \(said)") }
            viewers.look(at: port, query: String(match.2))
        }
        with = min(with, time)
        events += viewers.events()
    }
    guard events >= 3 * 8 * 2 else {
        throw Program.Failure(description: "eight viewers saw \(events) events in three runs")
    }
    return Measurement(
        what: "\(run.count) empty tasks, eight viewers of the dashboard",
        ours: "\(milliseconds(with)) ms", other: "\(milliseconds(without)) ms without a dashboard",
        ratio: with / without, target: .atMost(1.1))
}

/// Viewers of a dashboard, each on a thread of its own, until the dashboard ends.
private final class Viewers: Sendable {
    private let count: Int
    private let seen = Mutex(0)
    private let ended = DispatchSemaphore(value: 0)

    init(count: Int) { self.count = count }

    func look(at port: UInt16, query: String) {
        for _ in 0..<count {
            Thread.detachNewThread { [self] in
                let events = Self.count(at: port, query: query)
                seen.withLock { $0 += events }
                ended.signal()
            }
        }
    }

    /// Waits until all viewers are gone, and returns how many events they have seen.
    func events() -> Int {
        for _ in 0..<count { ended.wait() }
        return seen.withLock { $0 }
    }

    private static func count(at port: UInt16, query: String) -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        name.sin_addr.s_addr = inet_addr("127.0.0.1")
        let isConnected = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { return 0 }
        let question = Array("GET /events?\(query) HTTP/1.1\r\n\r\n".utf8)
        send(descriptor, question, question.count, Int32(MSG_NOSIGNAL))
        var events = 0
        var bytes = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(descriptor, &bytes, bytes.count, 0)
            guard count > 0 else { return events }
            // An event is shorter than the buffer, so that one read gets a whole one.
            events +=
                String(decoding: bytes.prefix(count), as: UTF8.self)
                .ranges(of: "event: state").count
        }
    }
}
