import CZeroMQ

/// A socket of one thread: it closes when it goes out of scope.
public struct Socket: ~Copyable {
    public enum Kind: Sendable {
        /// Many peers; the first part of a message is the peer's name, and sending to a peer that
        /// isn't there is an error.
        case router
        /// Peers that are routers.
        case dealer
    }

    public struct Settings: Hashable, Sendable {
        /// How long closing waits for what was sent to leave. Zero drops it.
        public var linger: Duration
        /// Messages to one peer that wait here; when there are as many, sending is "not now".
        public var sendLimit: Int
        /// Messages from one peer that wait here; when there are as many, the peer's own wait there.
        public var receiveLimit: Int

        public init(linger: Duration, sendLimit: Int = 10_000, receiveLimit: Int = 1000) {
            self.linger = linger
            self.sendLimit = sendLimit
            self.receiveLimit = receiveLimit
        }
    }

    let handle: UnsafeMutableRawPointer
    private let context: Context

    public init(_ kind: Kind, in context: Context, settings: Settings) throws(ZeroMQError) {
        let type =
            switch kind {
            case .router: ZMQ_ROUTER
            case .dealer: ZMQ_DEALER
            }
        guard let handle = zmq_socket(context.handle, type) else {
            throw ZeroMQError(operation: "zmq_socket")
        }
        self.handle = handle
        self.context = context
        for (option, value) in settings.options(for: kind) {
            Self.set(option, of: handle, to: value)
        }
    }

    deinit {
        zmq_close(handle)
    }

    /// Closes with another linger than the settings'.
    public consuming func close(linger: Duration) {
        Self.set(ZMQ_LINGER, of: handle, to: linger.milliseconds)
    }

    public func bind(to endpoint: String) throws(ZeroMQError) {
        _ = try checked("bind to \(endpoint)") { zmq_bind(handle, endpoint) }
    }

    /// Returns at once, whether or not anybody is there.
    public func connect(to endpoint: String) throws(ZeroMQError) {
        _ = try checked("connect to \(endpoint)") { zmq_connect(handle, endpoint) }
    }

    /// Hands a message of these parts to libzmq, all of it or nothing.
    ///
    /// - Returns: nil if there's no room for it now.
    public func send(_ parts: [[UInt8]]) throws(ZeroMQError) -> Void? {
        precondition(!parts.isEmpty, "a message has a part")
        for (number, part) in parts.enumerated() {
            let more = number < parts.count - 1 ? ZMQ_SNDMORE : 0
            let sent = try checked("send") {
                zmq_send(handle, part, part.count, ZMQ_DONTWAIT | more)
            }
            if sent == nil {
                precondition(number == 0, "libzmq takes the rest of a message whose start it took")
                return nil
            }
        }
        return ()
    }

    /// The parts of the next message; nil if none has come.
    public func receive() throws(ZeroMQError) -> [[UInt8]]? {
        guard var part = try receivePart() else { return nil }
        var parts = [part.bytes]
        while part.hasMore {
            guard let next = try receivePart() else {
                preconditionFailure("libzmq delivers a message whole")
            }
            part = next
            parts.append(part.bytes)
        }
        return parts
    }

    private func receivePart() throws(ZeroMQError) -> (bytes: [UInt8], hasMore: Bool)? {
        var message = zmq_msg_t()
        zmq_msg_init(&message)
        defer { zmq_msg_close(&message) }
        let count = try checked("receive") { zmq_msg_recv(&message, handle, ZMQ_DONTWAIT) }
        guard count != nil else { return nil }
        let bytes = UnsafeRawBufferPointer(
            start: zmq_msg_data(&message), count: zmq_msg_size(&message))
        return (Array(bytes), zmq_msg_more(&message) != 0)
    }

    private static func set(_ option: Int32, of handle: UnsafeMutableRawPointer, to value: Int32) {
        withUnsafeBytes(of: value) { bytes in
            let code = zmq_setsockopt(handle, option, bytes.baseAddress, bytes.count)
            precondition(code == 0, "libzmq knows option \(option) and takes \(value)")
        }
    }
}

extension Socket.Settings {
    func options(for kind: Socket.Kind) -> [(option: Int32, value: Int32)] {
        let common = [
            (ZMQ_LINGER, linger.milliseconds), (ZMQ_SNDHWM, Int32(sendLimit)),
            (ZMQ_RCVHWM, Int32(receiveLimit)),
        ]
        switch kind {
        case .router: return common + [(ZMQ_ROUTER_MANDATORY, 1)]
        case .dealer: return common
        }
    }
}
