import CZeroMQ

/// An operation that libzmq could not do, and why.
public enum ZeroMQError: Error, Hashable, CustomStringConvertible {
    /// A router has no peer of the name in this message's first part: the peer never connected or is gone.
    case unroutable
    /// The endpoint is TCP, where every connection is encrypted, and this socket has no keys.
    case unencrypted(endpoint: String)
    case failed(operation: String, code: Int32)

    /// The last error of a libzmq call on this thread.
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

/// Makes a libzmq call and turns its return code into a result: -1 becomes an error, or nil if the call
/// would have to wait (EAGAIN). A call that a signal broke off is made again.
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
