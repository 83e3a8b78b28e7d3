/// A value of an axis.
public enum AxisValue: Hashable, Sendable, CustomStringConvertible {
    case integer(Int)
    case real(Double)
    case infinite

    /// The value as CSVs have it: `64`, `0.3`, `inf`, which programs read as numbers.
    public var description: String {
        switch self {
        case .integer(let value): value.description
        case .real(let value): value.description
        case .infinite: "inf"
        }
    }

    /// The value as an integer, as the store has it: 0 for infinite.
    public var integer: Int {
        switch self {
        case .integer(let value): value
        case .real(let value): Int(value)
        case .infinite: 0
        }
    }

    /// The value as a number; infinity for infinite.
    public var number: Double {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value
        case .infinite: .infinity
        }
    }
}

/// The values of one axis, in the order given.
public enum AxisValues: Hashable, Sendable {
    case widths([Width])
    case integers([Int])
    case reals([Double])

    public var count: Int {
        switch self {
        case .widths(let values): values.count
        case .integers(let values): values.count
        case .reals(let values): values.count
        }
    }

    public var indices: Range<Int> { 0..<count }

    public subscript(position: Int) -> AxisValue {
        switch self {
        case .widths(let values): values[position].value
        case .integers(let values): .integer(values[position])
        case .reals(let values): .real(values[position])
        }
    }

    public var all: [AxisValue] { indices.map { self[$0] } }
}

extension Width {
    var value: AxisValue {
        switch self {
        case .finite(let units): .integer(units)
        case .infinite: .infinite
        }
    }
}

extension AxisValues: Encodable {
    /// Encodes the values as a list of numbers, or of numbers and the word `infinite`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .widths(let values): try container.encode(values)
        case .integers(let values): try container.encode(values)
        case .reals(let values): try container.encode(values)
        }
    }
}
