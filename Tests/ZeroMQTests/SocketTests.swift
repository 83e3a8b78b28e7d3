import Foundation
import Testing
import ZeroMQ

/// A private ipc endpoint that is gone with the test.
private struct Endpoint: ~Copyable {
    let folder = FileManager.default.temporaryDirectory.appending(
        path: "kdsweep-test-\(UUID().uuidString.prefix(8))")
    var address: String { "ipc://\(folder.path)/socket" }

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }
}

private let settings = Socket.Settings(linger: .zero)

@Suite(.timeLimit(.minutes(5))) struct SocketTests {
    @Test func aRouterAndADealerExchangeMessagesOfSeveralParts() throws {
        let endpoint = try Endpoint()
        let context = Context()
        let router = try Socket(.router, in: context, settings: settings)
        try router.bind(to: endpoint.address)
        let dealer = try Socket(.dealer, in: context, settings: settings)
        try dealer.connect(to: endpoint.address)

        #expect(try router.receive() == nil)
        #expect(try dealer.send([[1, 2, 3], [], [4]]) != nil)
        #expect(try poll([.socket(router)], for: .seconds(10)) == [true])
        let question = try #require(try router.receive())
        #expect(question.dropFirst() == [[1, 2, 3], [], [4]])
        #expect(try router.receive() == nil)

        #expect(try router.send([question[0], [5]]) != nil)
        #expect(try poll([.socket(dealer)], for: .seconds(10)) == [true])
        #expect(try dealer.receive() == [[5]])
    }

    @Test func aRouterSaysThatAPeerIsUnknown() throws {
        let endpoint = try Endpoint()
        let router = try Socket(.router, in: Context(), settings: settings)
        try router.bind(to: endpoint.address)
        #expect(throws: ZeroMQError.unroutable) { try router.send([[1, 2], [3]]) }
    }

    @Test func aFullSocketSaysNotNow() throws {
        let dealer = try Socket(
            .dealer, in: Context(), settings: .init(linger: .zero, sendLimit: 3))
        try dealer.connect(to: "ipc:///nonexistent/socket")
        let taken = try (0..<10).filter { _ in try dealer.send([[0], [1]]) != nil }
        #expect(!taken.isEmpty && taken.count < 10, "\(taken.count) were taken")
    }

    @Test func anEndpointIsBoundOnce() throws {
        let context = Context()
        let router = try Socket(.router, in: context, settings: settings)
        try router.bind(to: "inproc://taken")
        let error = #expect(throws: ZeroMQError.self) {
            let other = try Socket(.router, in: context, settings: settings)
            try other.bind(to: "inproc://taken")
        }
        #expect("\(error!)" == "bind to inproc://taken: Address already in use")
    }

    @Test func pollingWaitsForDescriptorsAndGivesUpInTime() throws {
        let endpoint = try Endpoint()
        let router = try Socket(.router, in: Context(), settings: settings)
        try router.bind(to: endpoint.address)
        let pipe = Pipe()
        let reading = pipe.fileHandleForReading.fileDescriptor
        let items = [PollItem.socket(router), .descriptor(reading)]

        let start = ContinuousClock.now
        #expect(try poll(items, for: .milliseconds(30)) == [false, false])
        #expect(ContinuousClock.now - start >= .milliseconds(29))

        try pipe.fileHandleForWriting.write(contentsOf: [0])
        #expect(try poll(items, for: .seconds(10)) == [false, true])
        _ = try pipe.fileHandleForReading.read(upToCount: 1)
        #expect(try poll(items, for: .zero) == [false, false])

        try pipe.fileHandleForWriting.close()
        #expect(try poll(items, for: .seconds(10)) == [false, true], "an end counts as readable")
    }
}
