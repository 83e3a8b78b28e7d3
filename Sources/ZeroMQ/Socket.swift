import CZeroMQ

/// A socket, to be used by one thread. It closes when it goes out of scope.
public struct Socket: ~Copyable {
    public enum Kind: Sendable {
        /// Has many peers; the first part of a message is the peer's name, and sending to a peer that
        /// isn't there is an error.
        case router
        /// Connects to routers.
        case dealer
    }

    public struct Settings: Hashable, Sendable {
        /// How long a closed socket goes on sending the messages that it was given. Zero: they are dropped.
        public var linger: Duration
        /// How many messages to one peer may wait in this process; with so many, `send` returns nil.
        public var sendLimit: Int
        /// How many messages from one peer may wait in this process; more wait at the peer.
        public var receiveLimit: Int
        public var security: Security
        /// The most bytes that a message's part may have; a peer that sends more is cut off. Nil: any number.
        public var messageLimit: Int?
        /// How long a peer may take to show its key, before it is cut off.
        public var handshakeLimit: Duration
        /// Whether `connectionEvents` returns any.
        public var isMonitored: Bool

        public init(
            linger: Duration, sendLimit: Int = 10_000, receiveLimit: Int = 1000,
            security: Security = .localOnly, messageLimit: Int? = nil,
            handshakeLimit: Duration = .seconds(10), isMonitored: Bool = false
        ) {
            self.linger = linger
            self.sendLimit = sendLimit
            self.receiveLimit = receiveLimit
            self.security = security
            self.messageLimit = messageLimit
            self.handshakeLimit = handshakeLimit
            self.isMonitored = isMonitored
        }
    }

    let handle: UnsafeMutableRawPointer
    private let context: Context
    private let security: Security
    private let monitor: UnsafeMutableRawPointer?

    public init(_ kind: Kind, in context: Context, settings: Settings) throws(ZeroMQError) {
        let type =
            switch kind {
            case .router: ZMQ_ROUTER
            case .dealer: ZMQ_DEALER
            }
        guard let handle = zmq_socket(context.handle, type) else {
            throw ZeroMQError(operation: "zmq_socket")
        }
        settings.apply(to: handle, of: kind)
        do throws(ZeroMQError) {
            monitor =
                settings.isMonitored
                ? try ConnectionEvent.monitor(handle, in: context.handle) : nil
        } catch {
            zmq_close(handle)
            throw error
        }
        self.handle = handle
        self.context = context
        security = settings.security
    }

    deinit {
        if let monitor {
            // Monitoring is switched off first: libzmq's I/O thread could wait for its events to be read.
            zmq_socket_monitor(handle, nil, 0)
            zmq_close(monitor)
        }
        zmq_close(handle)
    }

    /// What has become of connections since the last call.
    public func connectionEvents() throws(ZeroMQError) -> [ConnectionEvent] {
        guard let monitor else { return [] }
        var events: [ConnectionEvent] = []
        while let parts = try Self.receive(from: monitor) {
            if let event = ConnectionEvent(parts) { events.append(event) }
        }
        return events
    }

    /// Closes with this linger instead of that in the settings.
    public consuming func close(linger: Duration) {
        Self.set(ZMQ_LINGER, of: handle, to: linger.milliseconds)
    }

    /// - Throws: `ZeroMQError.unencrypted` for TCP without keys.
    public func bind(to endpoint: String) throws(ZeroMQError) {
        try prepare(for: endpoint)
        _ = try checked("bind to \(endpoint)") { zmq_bind(handle, endpoint) }
    }

    private func prepare(for endpoint: String) throws(ZeroMQError) {
        try security.check(endpoint)
        // IPv6 is switched on only for IPv6 addresses. With it libzmq would look up IPv6 addresses of names first.
        if endpoint.hasPrefix("tcp://[") { Self.set(ZMQ_IPV6, of: handle, to: 1) }
    }

    /// The endpoint that was bound last; a wildcard port is replaced by the actual one.
    public func boundEndpoint() throws(ZeroMQError) -> String {
        var text = [CChar](repeating: 0, count: 1024)
        var count = text.count
        _ = try checked("tell the endpoint") {
            zmq_getsockopt(handle, ZMQ_LAST_ENDPOINT, &text, &count)
        }
        return String(
            decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Returns at once, whether or not a peer listens there.
    ///
    /// - Throws: `ZeroMQError.unencrypted` for TCP without keys.
    public func connect(to endpoint: String) throws(ZeroMQError) {
        try prepare(for: endpoint)
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
    public func receive() throws(ZeroMQError) -> [[UInt8]]? { try Self.receive(from: handle) }

    private static func receive(
        from handle: UnsafeMutableRawPointer
    ) throws(ZeroMQError) -> [[UInt8]]? {
        guard var part = try receivePart(from: handle) else { return nil }
        var parts = [part.bytes]
        while part.hasMore {
            guard let next = try receivePart(from: handle) else {
                preconditionFailure("libzmq delivers a message whole")
            }
            part = next
            parts.append(part.bytes)
        }
        return parts
    }

    private static func receivePart(
        from handle: UnsafeMutableRawPointer
    ) throws(ZeroMQError) -> (bytes: [UInt8], hasMore: Bool)? {
        var message = zmq_msg_t()
        zmq_msg_init(&message)
        defer { zmq_msg_close(&message) }
        let count = try checked("receive") { zmq_msg_recv(&message, handle, ZMQ_DONTWAIT) }
        guard count != nil else { return nil }
        let bytes = UnsafeRawBufferPointer(
            start: zmq_msg_data(&message), count: zmq_msg_size(&message))
        return (Array(bytes), zmq_msg_more(&message) != 0)
    }

    static func set(_ option: Int32, of handle: UnsafeMutableRawPointer, to value: Int32) {
        withUnsafeBytes(of: value) { set(option, of: handle, to: Array($0)) }
    }

    static func set(_ option: Int32, of handle: UnsafeMutableRawPointer, to value: [UInt8]) {
        let code = zmq_setsockopt(handle, option, value, value.count)
        precondition(code == 0, "libzmq knows option \(option) and takes its value")
    }
}

extension Socket.Settings {
    func apply(to handle: UnsafeMutableRawPointer, of kind: Socket.Kind) {
        for (option, value) in options(for: kind) { Socket.set(option, of: handle, to: value) }
        withUnsafeBytes(of: messageLimit.map(Int64.init) ?? -1) {
            Socket.set(ZMQ_MAXMSGSIZE, of: handle, to: Array($0))
        }
        security.apply(to: handle)
    }

    func options(for kind: Socket.Kind) -> [(option: Int32, value: Int32)] {
        let common = [
            (ZMQ_LINGER, linger.milliseconds), (ZMQ_SNDHWM, Int32(sendLimit)),
            (ZMQ_RCVHWM, Int32(receiveLimit)), (ZMQ_HANDSHAKE_IVL, handshakeLimit.milliseconds),
            // A socket that has lost its peer connects anew after a short time, which grows with each attempt.
            (ZMQ_RECONNECT_IVL, 100), (ZMQ_RECONNECT_IVL_MAX, 1000),
        ]
        switch kind {
        case .router: return common + [(ZMQ_ROUTER_MANDATORY, 1)]
        case .dealer: return common
        }
    }
}
