/// How one axis of the grid is read: a value, a list or a range.
struct Axis<Value: Hashable> {
    /// One value, as a message names it.
    let wanted: String
    let value: (Entry) -> Value?
    let range: (Entry) -> [Value]?

    /// The axis' values, never none; nil, and a fault for each wrong one, otherwise.
    func values(of entry: Entry) -> [Value]? {
        switch entry.content {
        case .mapping: return range(entry)
        case .list: return entry.distinct(value)
        case .number, .text, .quoted, .otherScalar, .tagged: return value(entry).map { [$0] }
        case .nothing:
            entry.refuse(
                "there is no value",
                "give \(wanted), a list, a range {from: , to: , count: }, or remove the key")
            return nil
        }
    }
}

extension Axis<Double> {
    static func real(in bounds: RealBounds) -> Self {
        Axis(
            wanted: bounds.wanted, value: { $0.real(in: bounds) },
            range: { $0.realRange(in: bounds) })
    }
}

extension Axis<Int> {
    static func integer(in bounds: IntegerBounds) -> Self {
        Axis(
            wanted: bounds.wanted, value: { $0.integer(in: bounds) },
            range: { $0.integerRange(in: bounds) })
    }
}

extension Axis<Width> {
    static var width: Self {
        Axis(
            wanted: IntegerBounds.width.wanted, value: \.width,
            range: { $0.integerRange(in: .size)?.map(Width.finite) })
    }
}

extension Entry {
    /// A finite width or the word.
    fileprivate var width: Width? {
        switch content {
        case .text("infinite"), .quoted("infinite"): .infinite
        default: integer(in: .width).map(Width.finite)
        }
    }
}
