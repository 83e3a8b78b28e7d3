import CZeroMQ

/// Something that can become readable.
public struct PollItem {
    let item: zmq_pollitem_t

    /// Ready when a message has come. Valid as long as the socket lives.
    public static func socket(_ socket: borrowing Socket) -> PollItem {
        PollItem(
            item: zmq_pollitem_t(
                socket: socket.handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0))
    }

    /// Ready when there is something to read, which may be the end or an error.
    public static func descriptor(_ descriptor: CInt) -> PollItem {
        PollItem(
            item: zmq_pollitem_t(
                socket: nil, fd: descriptor, events: Int16(ZMQ_POLLIN), revents: 0))
    }
}

/// Waits until one of the items is ready, at most for `timeout`.
///
/// - Returns: for each item, whether it is ready.
public func poll(_ items: [PollItem], for timeout: Duration) throws(ZeroMQError) -> [Bool] {
    var raw = items.map(\.item)
    _ = try checked("poll") {
        zmq_poll(&raw, Int32(raw.count), Int(timeout.milliseconds))
    }
    return raw.map { $0.revents != 0 }
}

extension Duration {
    /// Rounded up, so that a loop that waits for a point in time doesn't spin just before it.
    var milliseconds: Int32 {
        let exact = (self / .milliseconds(1)).rounded(.up)
        return Int32(min(max(exact, 0), Double(Int32.max)))
    }
}
