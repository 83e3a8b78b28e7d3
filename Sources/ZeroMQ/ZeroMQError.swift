import CZeroMQ

/// What libzmq could not do.
public enum ZeroMQError: Error, Hashable, CustomStringConvertible {
    /// A router knows no peer by this message's first part: it never connected or is gone.
    case unroutable
    /// Over TCP every connection is encrypted, and this socket has no keys.
    case unencrypted(endpoint: String)
    case failed(operation: String, code: Int32)

    /// The calling thread's last error.
    init(operation: String) {
        switch zmq_errno() {
        case EHOSTUNREACH: self = .unroutable
        case let code: self = .failed(operation: operation, code: code)
        }
    }

    public var description: String {
        switch self {
        case .unroutable: "no such peer"
        case .unencrypted(let endpoint): "\(endpoint) is no ipc:// endpoint, and there are no keys"
        case .failed(let operation, let code):
            "\(operation): \(String(cString: zmq_strerror(code)))"
        }
    }
}

/// The gate that every return code passes: -1 becomes an error, "not now" nil; a call that a signal
/// broke off is made again.
func checked(_ operation: String, _ call: () -> Int32) throws(ZeroMQError) -> Int32? {
    while true {
        let code = call()
        if code != -1 { return code }
        switch zmq_errno() {
        case EINTR: continue
        case EAGAIN: return nil
        default: throw ZeroMQError(operation: operation)
        }
    }
}
