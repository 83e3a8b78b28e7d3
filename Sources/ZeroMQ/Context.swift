import CZeroMQ

/// Owns libzmq's I/O thread, which all sockets of the context share.
///
/// Every socket keeps its context, so the context ends after its last socket. It then waits until the
/// sockets' messages are sent, or their linger is over.
public final class Context: Sendable {
    /// libzmq's contexts may be used from any thread.
    nonisolated(unsafe) let handle: UnsafeMutableRawPointer

    public init() {
        guard let handle = zmq_ctx_new() else {
            preconditionFailure("no context: \(ZeroMQError(operation: "zmq_ctx_new"))")
        }
        self.handle = handle
    }

    deinit {
        while zmq_ctx_term(handle) != 0, zmq_errno() == EINTR {}
    }
}
