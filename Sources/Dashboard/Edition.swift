/// The newest of what viewers are sent, ready to be sent to any number of them.
struct Edition: Hashable {
    /// Which state and which figures: each new one has a higher number.
    struct Numbers: Hashable {
        var state = 0
        var figures = 0
    }

    private(set) var numbers = Numbers()
    private var state: [UInt8] = []
    private var figures: [UInt8] = []

    /// A comment, which says nothing but that somebody is here.
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

    /// Server-sent events.
    private static func event(_ name: String, _ json: [UInt8]) -> [UInt8] {
        precondition(!json.contains(UInt8(ascii: "\n")), "an event's data is one line")
        return Array("event: \(name)\ndata: ".utf8) + json + Array("\n\n".utf8)
    }

    /// What a viewer hasn't got yet. The figures first: with the state a run may end.
    func events(after seen: Numbers) -> [UInt8] {
        (seen.figures < numbers.figures ? figures : []) + (seen.state < numbers.state ? state : [])
    }
}
