import ArgumentParser
import ZeroMQ

/// Orders sent to two processes by ZeroMQ alone, over TCP with CURVE; the processes answer each with a report.
struct Echo {
    let order: [UInt8]
    let report: [UInt8]
    let count: Int

    /// Orders on their way to each process: 64 in all.
    private static let window = 32

    /// The time from the first process' greeting to the last report.
    func time(in folder: Scratch) throws -> Duration {
        let (server, client) = (try CurveKeyPair.random(), try CurveKeyPair.random())
        let context = Context()
        let gatekeeper = try Gatekeeper(in: context, admitting: [client.publicKey])
        let socket = try Socket(
            .router, in: context, settings: .init(linger: .zero, security: .server(server)))
        try socket.bind(to: "tcp://127.0.0.1:*")
        let arguments = [
            "echo-errand", try socket.boundEndpoint(), "\(server.publicKey)",
            "\(client.secretKey)", "\(report.count)",
        ]
        let processes = try (0..<2).map { _ in
            try Program.Started(.errand, arguments, in: folder)
        }
        defer { withExtendedLifetime(processes) {} }
        let clock = ContinuousClock()
        var start: ContinuousClock.Instant?
        var (sent, received) = (0, 0)
        while received < count {
            _ = try poll([.socket(socket), gatekeeper.pollItem], for: .milliseconds(50))
            _ = try gatekeeper.answer()
            while let parts = try socket.receive() {
                let isGreeting = parts[1].count != report.count
                if isGreeting {
                    start = start ?? clock.now
                } else {
                    received += 1
                }
                let more = min(isGreeting ? Self.window : 1, count - sent)
                for _ in 0..<more {
                    guard try socket.send([parts[0], order]) != nil else {
                        throw Program.Failure(description: "the echo's window doesn't fit")
                    }
                }
                sent += more
            }
        }
        return clock.now - start!
    }
}

struct EchoErrand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo-errand", shouldDisplay: false)

    @Argument var endpoint: String
    @Argument var server: String
    @Argument var secret: String
    @Argument var reportSize: Int

    func run() throws {
        guard let server = CurveKey(server), let secret = CurveKey(secret) else {
            throw ValidationError("not a key")
        }
        let socket = try Socket(
            .dealer, in: Context(),
            settings: .init(
                linger: .zero, security: .client(CurveKeyPair(secretKey: secret), server: server)))
        try socket.connect(to: endpoint)
        let report = [UInt8](repeating: 1, count: reportSize)
        _ = try socket.send([[0]])
        // Ends when it is killed.
        while true {
            _ = try poll([.socket(socket)], for: .seconds(1))
            while try socket.receive() != nil { _ = try socket.send([report]) }
        }
    }
}
