/// m, the units of each hidden layer.
public enum Width: Hashable, Sendable {
    case finite(Int)
    case infinite
}

extension Width: Codable, CustomStringConvertible {
    public var description: String {
        switch self {
        case .finite(let m): String(m)
        case .infinite: "inf"
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .finite(let m): try container.encode(m)
        case .infinite: try container.encode("infinite")
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let m = try? container.decode(Int.self), m >= 1 {
            self = .finite(m)
        } else if try container.decode(String.self) == "infinite" {
            self = .infinite
        } else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "a width is an integer >= 1 or \"infinite\"")
        }
    }
}
