import Testing
import ZeroMQ

/// A server on TCP, with a gatekeeper or without, and one client that sends it a word.
private final class Scene {
    private var gatekeeper: Gatekeeper?
    private let server: Socket
    private let client: Socket
    private(set) var received: [[UInt8]] = []
    private(set) var turnedAway: [String] = []
    private(set) var seenByServer: Set<ConnectionEvent> = []
    private(set) var seenByClient: Set<ConnectionEvent> = []

    init(
        admitting admitted: Set<CurveKey>?, serverKeys: CurveKeyPair, clientKeys: CurveKeyPair,
        expecting expected: CurveKey, messageLimit: Int? = nil, word: [UInt8] = [1, 2]
    ) throws {
        let context = Context()
        gatekeeper = try Self.gatekeeper(in: context, admitting: admitted)
        server = try Socket(
            .router, in: context,
            settings: .init(
                linger: .zero, security: .server(serverKeys), messageLimit: messageLimit,
                isMonitored: true))
        client = try Socket(
            .dealer, in: Context(),
            settings: .init(
                linger: .zero, security: .client(clientKeys, server: expected), isMonitored: true))
        try server.bind(to: "tcp://127.0.0.1:*")
        try client.connect(to: try server.boundEndpoint())
        #expect(try client.send([word]) != nil)
    }

    private static func gatekeeper(
        in context: Context, admitting admitted: Set<CurveKey>?
    ) throws -> Gatekeeper? {
        guard let admitted else { return nil }
        return try Gatekeeper(in: context, admitting: admitted)
    }

    /// Lets both work until `isEnough`, at most for so long.
    func play(
        for limit: Duration = .seconds(10), until isEnough: (Scene) -> Bool
    ) throws {
        let deadline = ContinuousClock.now + limit
        while !isEnough(self), ContinuousClock.now < deadline {
            var items = [PollItem.socket(server), .socket(client)]
            if let item = gatekeeper?.pollItem { items.append(item) }
            _ = try poll(items, for: .milliseconds(5))
            turnedAway += try gatekeeper?.answer() ?? []
            while let parts = try server.receive() { received.append(parts[1]) }
            seenByServer.formUnion(try server.connectionEvents())
            seenByClient.formUnion(try client.connectionEvents())
        }
    }
}

@Suite(.timeLimit(.minutes(5))) struct CurveTests {
    private let server: CurveKeyPair
    private let worker: CurveKeyPair

    init() throws {
        server = try .random()
        worker = try .random()
    }

    @Test func keysAreReadAsTheyAreWritten() throws {
        #expect(server.publicKey != worker.publicKey && server.secretKey != server.publicKey)
        #expect(CurveKey("\(server.secretKey)") == server.secretKey)
        #expect(try CurveKeyPair(secretKey: server.secretKey) == server)
        for text in ["", String(repeating: "a", count: 39), String(repeating: "é", count: 20)] {
            #expect(CurveKey(text) == nil, "\(text)")
        }
    }

    @Test func whoIsAdmittedIsHeard() throws {
        let scene = try Scene(
            admitting: [worker.publicKey], serverKeys: server, clientKeys: worker,
            expecting: server.publicKey)
        try scene.play { !$0.received.isEmpty && $0.seenByClient.contains(.established) }
        #expect(scene.received == [[1, 2]])
        #expect(scene.seenByClient == [.established] && scene.turnedAway.isEmpty)
    }

    @Test func withoutAGatekeeperNobodyGetsIn() throws {
        let scene = try Scene(
            admitting: nil, serverKeys: server, clientKeys: worker, expecting: server.publicKey)
        try scene.play { !$0.seenByServer.isEmpty }
        try scene.play(for: .milliseconds(500)) { _ in false }
        #expect(scene.received.isEmpty)
        #expect(!scene.seenByServer.isEmpty && !scene.seenByServer.contains(.established))
        #expect(!scene.seenByClient.contains(.established))
    }

    @Test func anotherKeyIsTurnedAwayAndLearnsIt() throws {
        let scene = try Scene(
            admitting: [worker.publicKey], serverKeys: server, clientKeys: try .random(),
            expecting: server.publicKey)
        try scene.play { $0.seenByClient.contains(.unauthorised) && !$0.turnedAway.isEmpty }
        #expect(scene.seenByClient.contains(.unauthorised))
        #expect(scene.seenByServer.contains(.unauthorised))
        #expect(scene.turnedAway.first == "127.0.0.1" && scene.received.isEmpty)
    }

    @Test func aServerWithAnotherKeyIsNotSpokenTo() throws {
        let scene = try Scene(
            admitting: [worker.publicKey], serverKeys: server, clientKeys: worker,
            expecting: try CurveKeyPair.random().publicKey)
        try scene.play { !$0.seenByServer.isEmpty && !$0.seenByClient.isEmpty }
        #expect(scene.seenByServer.contains(.incompatible), "\(scene.seenByServer)")
        #expect(
            !scene.seenByClient.contains(.established)
                && !scene.seenByClient.contains(.unauthorised), "\(scene.seenByClient)")
        #expect(scene.received.isEmpty && scene.turnedAway.isEmpty)
    }

    @Test func aMessageBeyondTheLimitCutsItsSenderOff() throws {
        let scene = try Scene(
            admitting: [worker.publicKey], serverKeys: server, clientKeys: worker,
            expecting: server.publicKey, messageLimit: 1000,
            word: [UInt8](repeating: 7, count: 5000))
        try scene.play { $0.seenByServer.contains(.lost) || !$0.received.isEmpty }
        #expect(scene.seenByServer.contains(.lost), "\(scene.seenByServer)")
        #expect(scene.received.isEmpty)
    }

    @Test func withoutKeysThereIsNoTCP() throws {
        let endpoint = "tcp://127.0.0.1:*"
        for kind in [Socket.Kind.router, .dealer] {
            let socket = try Socket(kind, in: Context(), settings: .init(linger: .zero))
            #expect(throws: ZeroMQError.unencrypted(endpoint: endpoint)) {
                try socket.bind(to: endpoint)
            }
            #expect(throws: ZeroMQError.unencrypted(endpoint: endpoint)) {
                try socket.connect(to: endpoint)
            }
        }
    }
}
