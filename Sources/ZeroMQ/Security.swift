import CZeroMQ

/// How a socket's connections are protected.
public enum Security: Hashable, Sendable {
    /// Protected by the file system (ipc) or the process (inproc). Such a socket can't use TCP.
    case localOnly
    /// CURVE, as the side that listens. The context's `Gatekeeper` decides which keys are admitted. It
    /// must be made BEFORE the socket binds; while there is none, all connections are turned away.
    case server(CurveKeyPair)
    /// CURVE, as the side that connects, and only to the owner of `server`'s secret half.
    case client(CurveKeyPair, server: CurveKey)

    /// The domain under which servers ask the gatekeeper.
    static let domain = "kdsweep"

    func apply(to handle: UnsafeMutableRawPointer) {
        switch self {
        case .localOnly: break
        case .server(let keys):
            // Without these two libzmq admits any key while no gatekeeper answers.
            Socket.set(ZMQ_ZAP_DOMAIN, of: handle, to: Array(Self.domain.utf8))
            Socket.set(ZMQ_ZAP_ENFORCE_DOMAIN, of: handle, to: 1)
            Socket.set(ZMQ_CURVE_SERVER, of: handle, to: 1)
            Socket.set(ZMQ_CURVE_SECRETKEY, of: handle, to: keys.secretKey.bytes)
        case .client(let keys, let server):
            Socket.set(ZMQ_CURVE_SERVERKEY, of: handle, to: server.bytes)
            Socket.set(ZMQ_CURVE_PUBLICKEY, of: handle, to: keys.publicKey.bytes)
            Socket.set(ZMQ_CURVE_SECRETKEY, of: handle, to: keys.secretKey.bytes)
        }
    }

    /// - Throws: `ZeroMQError.unencrypted` if the socket has no keys and other machines may reach the endpoint.
    func check(_ endpoint: String) throws(ZeroMQError) {
        switch self {
        case .server, .client: return
        case .localOnly:
            guard endpoint.hasPrefix("ipc://") || endpoint.hasPrefix("inproc://") else {
                throw .unencrypted(endpoint: endpoint)
            }
        }
    }
}
