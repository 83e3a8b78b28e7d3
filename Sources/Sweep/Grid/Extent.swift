/// A count that may be infinite.
public enum Extent: Hashable, Sendable {
    case finite(Int)
    case infinite
}

/// m, the units of each hidden layer.
public typealias Width = Extent

/// How many steps of gradient descent a student takes; infinite: it is the limit of training.
public typealias Steps = Extent

extension Extent: Codable, CustomStringConvertible {
    public var description: String {
        switch self {
        case .finite(let count): String(count)
        case .infinite: "inf"
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .finite(let count): try container.encode(count)
        case .infinite: try container.encode("infinite")
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let count = try? container.decode(Int.self), count >= 1 {
            self = .finite(count)
        } else if try container.decode(String.self) == "infinite" {
            self = .infinite
        } else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "wanted is an integer >= 1 or \"infinite\"")
        }
    }
}
