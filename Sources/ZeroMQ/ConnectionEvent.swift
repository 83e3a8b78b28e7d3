import CZeroMQ
import Synchronization

/// What has become of a connection.
public enum ConnectionEvent: Hashable, Sendable {
    /// Both sides have shown their keys, where the connection has any, and messages can be sent.
    case established
    /// The other side has said that this one's key isn't admitted; or, where this side listens, a
    /// key was turned away.
    case unauthorised
    /// The two sides speak different protocols, or one has shown a key that isn't the expected one.
    case incompatible
    /// The connection ended before both sides had shown their keys.
    case abandoned
    case lost
    /// No connection was accepted; libzmq tries again.
    case unanswered

    private init?(code: UInt16) {
        switch Int32(code) {
        case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: self = .established
        case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: self = .unauthorised
        case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL: self = .incompatible
        case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL: self = .abandoned
        case ZMQ_EVENT_DISCONNECTED: self = .lost
        case ZMQ_EVENT_CONNECT_RETRIED: self = .unanswered
        default: return nil
        }
    }

    private static let codes =
        ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH
        | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL
        | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CONNECT_RETRIED

    private static let monitors = Atomic(0)

    /// Makes libzmq report the socket's connections.
    ///
    /// - Returns: the socket that receives the reports.
    static func monitor(
        _ handle: UnsafeMutableRawPointer, in context: UnsafeMutableRawPointer
    ) throws(ZeroMQError) -> UnsafeMutableRawPointer {
        let number = monitors.add(1, ordering: .relaxed).newValue
        let endpoint = "inproc://monitor-\(number)"
        _ = try checked("monitor") { zmq_socket_monitor(handle, endpoint, codes) }
        guard let ear = zmq_socket(context, ZMQ_PAIR) else {
            throw ZeroMQError(operation: "zmq_socket")
        }
        // With a limit to the queue libzmq's I/O thread would wait whenever this thread doesn't read events.
        Socket.set(ZMQ_RCVHWM, of: ear, to: 0)
        Socket.set(ZMQ_LINGER, of: ear, to: 0)
        do throws(ZeroMQError) {
            _ = try checked("connect to \(endpoint)") { zmq_connect(ear, endpoint) }
        } catch {
            zmq_close(ear)
            throw error
        }
        return ear
    }

    /// - Parameter parts: the event's number (16 bits) and value (32), then an endpoint.
    init?(_ parts: [[UInt8]]) {
        guard let head = parts.first, head.count >= 2 else { return nil }
        self.init(code: UInt16(head[1]) << 8 | UInt16(head[0]))
    }
}
