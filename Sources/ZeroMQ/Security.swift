import CZeroMQ

/// How a socket's connections are protected.
public enum Security: Hashable, Sendable {
    /// By the file system (ipc) or the process (inproc). A socket like this can't use TCP.
    case localOnly
    /// CURVE, as the side that listens. Whom it admits is up to the context's `Gatekeeper`, which
    /// is made BEFORE the socket binds; while there is none, nobody gets in.
    case server(CurveKeyPair)
    /// CURVE, as the side that connects: to nobody but the owner of that key.
    case client(CurveKeyPair, server: CurveKey)

    /// Of servers, by which the gatekeeper is asked.
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

    /// - Throws: `ZeroMQError.unencrypted` where the endpoint may be reached from elsewhere.
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
