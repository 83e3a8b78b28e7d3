import Foundation
import Host
import Logging
import Synchronization
import Testing
import Waiting

@testable import Cluster

/// What a coordinator makes of workers that its tasks don't fit. Each task needs some 100 MB.
@Suite(.ownThread, .timeLimit(.minutes(2))) struct FitTests {
    @Test(arguments: [
        Machine(host: "puppet", pid: 1, cores: 1, memory: 1 << 20),
        Machine(host: "puppet", pid: 1, cores: 1, memory: 1 << 40, timeLeft: .zero),
    ])
    func aWorkerThatCanDoNothingIsGivenNothingAndTheOthersDoItAll(machine: Machine) throws {
        let folder = try PrivateFolder()
        let coordinator = try startCoordinator(at: folder.endpoint)
        let puppet = try Puppet(at: folder.endpoint)
        try puppet.sayHello(from: machine)
        guard case .welcome = try puppet.hear() else {
            Issue.record("no welcome")
            return
        }
        let worker = try startWorker(at: folder.endpoint)
        let run = try coordinator.value()
        #expect(run.outcome == .complete && run.rows == everyRow)
        #expect(try puppet.hear() == .stop)
        #expect(try worker.value() == .stopped)
    }

    @Test func aCoordinatorSaysThatItWaitsForALargerWorker() throws {
        let folder = try PrivateFolder()
        let lines = Lines()
        let interrupt = try Doorbell()
        let endpoint = folder.endpoint
        let coordinator = Background {
            let coordinator = try Coordinator(
                sweep: sweep, attachments: [:], blocks: blocks, threads: 1, endpoint: endpoint,
                launcher: nil,
                timing: hasty, interrupt: interrupt, log: lines.logger, store: { _ in },
                progress: { _ in })
            return try coordinator.run()
        }
        let puppet = try Puppet(at: folder.endpoint)
        try puppet.sayHello(
            from: Machine(host: "puppet", pid: 1, cores: 1, memory: 20_000_000))
        let expected =
            "6 tasks wait for a larger worker: needs 101 MB, the largest worker has 20 MB"
        for _ in 0..<2000 where lines.all.isEmpty { usleep(10_000) }
        #expect(lines.all == [expected])
        let worker = try startWorker(at: folder.endpoint)
        #expect(try coordinator.value() == .complete)
        #expect(lines.all.prefix(2) == [expected, "every task fits a worker again"])
        #expect(try worker.value() == .stopped)
    }
}

/// What was logged as a notice or worse.
private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    private struct Handler: LogHandler {
        let lines: Lines
        var logLevel = Logger.Level.notice
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.lines.withLock { $0.append(event.message.description) }
        }
    }
}
