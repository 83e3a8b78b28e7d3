/// A value of an axis.
public enum AxisValue: Hashable, Sendable, CustomStringConvertible {
    case integer(Int)
    case real(Double)
    case infinite
    case model(Model)

    /// The value as CSVs have it: `64`, `0.3`, `inf`, which programs read as numbers.
    public var description: String {
        switch self {
        case .integer(let value): value.description
        case .real(let value): value.description
        case .infinite: "inf"
        case .model(let model): model.rawValue
        }
    }

    /// The value as an integer, as the store has it: 0 for infinite, a code for a model.
    public var integer: Int {
        switch self {
        case .integer(let value): value
        case .real(let value): Int(value)
        case .infinite: 0
        case .model(let model): model.code
        }
    }

    /// The value as a number; infinity for infinite, the store's code for a model.
    public var number: Double {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value
        case .infinite: .infinity
        case .model(let model): Double(model.code)
        }
    }
}

/// The values of one axis, in the order given.
public enum AxisValues: Hashable, Sendable {
    case extents([Extent])
    case models([Model])
    case integers([Int])
    case reals([Double])

    public var count: Int {
        switch self {
        case .extents(let values): values.count
        case .models(let values): values.count
        case .integers(let values): values.count
        case .reals(let values): values.count
        }
    }

    public var indices: Range<Int> { 0..<count }

    public subscript(position: Int) -> AxisValue {
        switch self {
        case .extents(let values): values[position].value
        case .models(let values): .model(values[position])
        case .integers(let values): .integer(values[position])
        case .reals(let values): .real(values[position])
        }
    }

    public var all: [AxisValue] { indices.map { self[$0] } }

    /// The positions of the values, ascending by number.
    package var ascending: [Int] {
        let numbers = all.map(\.number)
        return indices.sorted { numbers[$0] < numbers[$1] }
    }

    /// Those at these positions, in this order.
    func at(_ positions: [Int]) -> AxisValues {
        switch self {
        case .extents(let values): .extents(positions.map { values[$0] })
        case .models(let values): .models(positions.map { values[$0] })
        case .integers(let values): .integers(positions.map { values[$0] })
        case .reals(let values): .reals(positions.map { values[$0] })
        }
    }
}

extension Extent {
    var value: AxisValue {
        switch self {
        case .finite(let count): .integer(count)
        case .infinite: .infinite
        }
    }
}

extension AxisValues: Encodable {
    /// Encodes the values as a list of numbers, of numbers and the word `infinite`, or of names.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .extents(let values): try container.encode(values)
        case .models(let values): try container.encode(values)
        case .integers(let values): try container.encode(values)
        case .reals(let values): try container.encode(values)
        }
    }
}
