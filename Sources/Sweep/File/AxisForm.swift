/// How the values of an axis are written in a sweep file: one, a list or a range.
enum AxisForm: Sendable {
    /// An integer or infinity.
    case extent(in: IntegerBounds)
    case model
    case integer(in: IntegerBounds)
    case real(in: RealBounds)
    /// An integer; a range may leave out where it begins and ends: `{count: 8}` is 0 to 7.
    case seed

    var isIntegral: Bool {
        switch self {
        case .extent, .model, .integer, .seed: true
        case .real: false
        }
    }

    var mayBeInfinite: Bool {
        switch self {
        case .extent: true
        case .model, .integer, .real, .seed: false
        }
    }

    /// The names of its values; empty where they are numbers.
    var names: [String] {
        switch self {
        case .model: Model.allCases.map(\.rawValue)
        case .extent, .integer, .real, .seed: []
        }
    }

    /// The values of an entry, at least one. Nil if a value is wrong; each wrong one is recorded as a fault.
    func values(of entry: Entry) -> AxisValues? {
        switch self {
        case .extent(let bounds):
            read(
                entry, value: { $0.extent(in: bounds) },
                range: { $0.integerRange(in: bounds)?.map(Extent.finite) }
            ).map(AxisValues.extents)
        case .model:
            read(
                entry, value: { $0.choice(of: Model.self) },
                range: { entry in
                    entry.refuse(entry.content.problem, "give \(wanted), or a list of both")
                    return nil
                }
            ).map(AxisValues.models)
        case .integer(let bounds):
            read(
                entry, value: { $0.integer(in: bounds) },
                range: { $0.integerRange(in: bounds) }
            ).map(AxisValues.integers)
        case .seed:
            read(
                entry, value: { $0.integer(in: .seed) },
                range: \.seedRange
            ).map(AxisValues.integers)
        case .real(let bounds):
            read(
                entry, value: { $0.real(in: bounds) },
                range: { $0.realRange(in: bounds) }
            ).map(AxisValues.reals)
        }
    }

    private func read<Value: Hashable>(
        _ entry: Entry, value: (Entry) -> Value?, range: (Entry) -> [Value]?
    ) -> [Value]? {
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

    /// The values of an encoded axis; only `absent` if the field is missing.
    func values<Key>(
        of fields: KeyedDecodingContainer<Key>, _ key: Key, absent: AxisValue?
    ) throws -> AxisValues {
        if let absent, try !fields.contains(key) || fields.decodeNil(forKey: key) {
            return values([absent])
        }
        return switch self {
        case .extent: .extents(try fields.decode([Extent].self, forKey: key))
        case .model: .models(try fields.decode([Model].self, forKey: key))
        case .integer, .seed: .integers(try fields.decode([Int].self, forKey: key))
        case .real: .reals(try fields.decode([Double].self, forKey: key))
        }
    }

    /// How a message describes one value.
    var wanted: String {
        switch self {
        case .extent(let bounds): bounds.wantedOrInfinity
        case .model: names.joined(separator: " or ")
        case .integer(let bounds): bounds.wanted
        case .real(let bounds): bounds.wanted
        case .seed: IntegerBounds.seed.wanted
        }
    }

    func values(_ values: [AxisValue]) -> AxisValues {
        switch self {
        case .extent:
            .extents(values.map { $0 == .infinite ? .infinite : .finite($0.integer) })
        case .model: .models(values.map { $0 == .model(.network) ? .network : .linearised })
        case .integer, .seed: .integers(values.map(\.integer))
        case .real: .reals(values.map(\.number))
        }
    }
}

extension Entry {
    /// A finite count, or infinity as YAML, Python or prose write it.
    fileprivate func extent(in bounds: IntegerBounds) -> Extent? {
        switch content {
        case .text("inf"), .quoted("inf"), .text("infinite"), .quoted("infinite"),
            .number(".inf", _), .number(".Inf", _), .number(".INF", _):
            .infinite
        default:
            integer(in: IntegerBounds(range: bounds.range, wanted: bounds.wantedOrInfinity))
                .map(Extent.finite)
        }
    }
}
