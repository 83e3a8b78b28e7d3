import CZeroMQ

/// Tells the server sockets of a context which keys get in (ZAP, ZeroMQ's RFC 27). Made before they bind,
/// since a worker that connects while there is no gatekeeper is turned away. One in each context.
public struct Gatekeeper: ~Copyable {
    private let socket: Socket
    private let admitted: Set<CurveKey>

    private static let endpoint = "inproc://zeromq.zap.01"

    /// - Parameter admitted: the public keys that get in.
    public init(in context: Context, admitting admitted: Set<CurveKey>) throws(ZeroMQError) {
        let socket = try Socket(
            .router, in: context, settings: .init(linger: .zero, receiveLimit: 0))
        try socket.bind(to: Self.endpoint)
        self.socket = socket
        self.admitted = admitted
    }

    /// Ready when a connection waits for an answer.
    public var pollItem: PollItem { .socket(socket) }

    /// Answers for the connections that wait, at most `limit` of them.
    ///
    /// - Returns: the addresses of those that were turned away.
    public func answer(limit: Int = 1000) throws(ZeroMQError) -> [String] {
        var refused: [String] = []
        for _ in 0..<limit {
            guard let parts = try socket.receive() else { break }
            guard let delimiter = parts.firstIndex(of: []) else { continue }
            let request = Array(parts[(delimiter + 1)...])
            // Only libzmq sends requests here. A message that is no request gets no reply, so that it
            // admits no connection.
            guard request.count >= 6 else { continue }
            let isAdmitted = admits(request)
            if !isAdmitted { refused.append(String(decoding: request[3], as: UTF8.self)) }
            let verdict = isAdmitted ? ("200", "admitted") : ("400", "not a key of this run")
            let reply = [
                request[0], request[1], Array(verdict.0.utf8), Array(verdict.1.utf8), [], [],
            ]
            do throws(ZeroMQError) {
                _ = try socket.send(Array(parts[...delimiter]) + reply)
            } catch {
                switch error {
                // libzmq has closed its end.
                case .unroutable: continue
                case .failed, .unencrypted: throw error
                }
            }
        }
        return refused
    }

    /// Parts: version, request, domain, address, identity, mechanism, credentials.
    private func admits(_ request: [[UInt8]]) -> Bool {
        guard request.count == 7, request[0] == Array("1.0".utf8),
            request[2] == Array(Security.domain.utf8), request[5] == Array("CURVE".utf8)
        else { return false }
        return admitted.contains { $0.bytes == request[6] }
    }
}
