import CZeroMQ

/// Where sockets live; it owns libzmq's I/O thread.
///
/// Every socket keeps its context, so it ends after the last of them; that waits for whatever the
/// sockets' linger still allows to be sent.
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
