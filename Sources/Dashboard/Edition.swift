/// The newest state and figures, encoded once for all viewers.
struct Edition: Hashable {
    /// The numbers of a state and of figures: each new one has a higher number.
    struct Numbers: Hashable {
        var state = 0
        var figures = 0
    }

    private(set) var numbers = Numbers()
    private var state: [UInt8] = []
    private var figures: [UInt8] = []

    /// A comment, which a browser ignores: it only keeps the connection open.
    static let nothing = Array(":\n\n".utf8)

    /// - Parameter json: one line.
    mutating func publish(state json: [UInt8]) {
        numbers.state += 1
        state = Self.event("state", json)
    }

    mutating func publish(figures json: [UInt8]) {
        numbers.figures += 1
        figures = Self.event("figures", json)
    }

    /// A server-sent event.
    private static func event(_ name: String, _ json: [UInt8]) -> [UInt8] {
        precondition(!json.contains(UInt8(ascii: "\n")), "an event's data is one line")
        return Array("event: \(name)\ndata: ".utf8) + json + Array("\n\n".utf8)
    }

    /// The events that a viewer hasn't got yet. The figures come first, since the page closes the connection
    /// at a state that says that the run has ended.
    func events(after seen: Numbers) -> [UInt8] {
        (seen.figures < numbers.figures ? figures : []) + (seen.state < numbers.state ? state : [])
    }
}
