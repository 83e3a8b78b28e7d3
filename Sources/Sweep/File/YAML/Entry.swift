import Yams

/// A value of the sweep file and its place. Its functions return the value; if it is wrong, they record a
/// fault in `document.faults` and return nil.
struct Entry {
    /// The key's path.
    let key: String
    let line: Int?
    let node: Node
    let document: Document

    func refuse(_ problem: String, _ remedy: String) {
        document.faults.add(line: line, key: key, problem, remedy)
    }

    func real(in bounds: RealBounds) -> Double? {
        guard let number = number(wanted: bounds.wanted) else { return nil }
        // -0 becomes 0: the two are equal, but would have different digests.
        let value = number.double + 0
        guard bounds.contain(value) else {
            refuse("\(number.text) is out of range", "give \(bounds.wanted)")
            return nil
        }
        return value
    }

    /// An integer, however it is written: `1e3` is one.
    func integer(in bounds: IntegerBounds) -> Int? {
        guard let number = number(wanted: bounds.wanted) else { return nil }
        guard number.double.rounded() == number.double else {
            refuse("\(number.text) is not an integer", "give \(bounds.wanted)")
            return nil
        }
        guard let value = number.integer ?? Int(exactly: number.double),
            bounds.range.contains(value)
        else {
            let tooLarge = number.double > Double(bounds.range.upperBound)
            refuse("\(number.text) is out of range", bounds.remedy(tooLarge: tooLarge))
            return nil
        }
        return value
    }

    /// - Parameter wanted: How a message describes the text, as "a column's name".
    func text(_ wanted: String) -> String? {
        switch content {
        case .text(let text), .quoted(let text): return text
        case .number(let text, _), .otherScalar(let text):
            refuse("\(shown(text)) is not text as it stands", "put it in quotes: \"\(text)\"")
        case .nothing, .list, .mapping, .tagged: refuse(content.problem, "give \(wanted)")
        }
        return nil
    }

    /// One of a few words.
    func choice<Choice: RawRepresentable & CaseIterable>(of: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        let names = Choice.allCases.map(\.rawValue)
        let wanted = "give \(listed(names, "or"))"
        switch content {
        case .text(let text), .quoted(let text):
            if let choice = Choice(rawValue: text) { return choice }
            let nearest = nearestName(to: text, among: names)
            let remedy = nearest.map { "did you mean \($0)?" } ?? wanted
            refuse("\(shown(text)) is none of \(listed(names, "and"))", remedy)
        case .number(let text, _), .otherScalar(let text):
            refuse("\(shown(text)) is none of \(listed(names, "and"))", wanted)
        case .nothing, .list, .mapping, .tagged: refuse(content.problem, wanted)
        }
        return nil
    }

    /// The entries of a list; nil, without a fault, if this is no list.
    var elements: [Entry]? {
        guard case .list(let nodes) = content else { return nil }
        return nodes.enumerated().map { i, node in
            Entry(
                key: "\(key)[\(i)]", line: node.mark?.line ?? line, node: node, document: document)
        }
    }

    /// The values of a list's elements; nil, and a fault, if one is wrong or repeated.
    func distinct<Value: Hashable>(_ read: (Entry) -> Value?) -> [Value]? {
        let elements = elements ?? []
        guard !elements.isEmpty else {
            refuse("the list is empty", "give at least one value, or remove the key")
            return nil
        }
        var values: [Value] = []
        var positions: [Value: Int] = [:]
        for (i, element) in elements.enumerated() {
            guard let value = read(element) else { continue }
            if let first = positions[value] {
                let text = shown(element.node.scalar?.string ?? "\(value)")
                element.refuse("\(text) is already in the list, at [\(first)]", "give it once")
            } else {
                positions[value] = i
                values.append(value)
            }
        }
        return values.count == elements.count ? values : nil
    }

    /// The value of a mapping's key. Unlike `Section` this doesn't check the other keys.
    func member(_ name: String) -> Entry? {
        guard case .mapping(let pairs) = content,
            let pair = pairs.last(where: { document.name(ofKey: $0.key) == name })
        else { return nil }
        return Entry(
            key: key.isEmpty ? name : "\(key).\(name)", line: pair.key.mark?.line,
            node: pair.value, document: document)
    }

    private func number(wanted: String) -> Number? {
        switch content {
        case .number(let text, .integer(let integer)):
            return Number(text: text, double: Double(integer), integer: integer)
        case .number(let text, .real(let real)):
            return Number(text: text, double: real, integer: nil)
        case .number(let text, .unrepresentable):
            refuse("\(shown(text)) is beyond what a double can hold", "give \(wanted)")
        case .number(let text, _):
            refuse("\(text) is not finite", "give \(wanted)")
        case .text(let text), .otherScalar(let text):
            refuse("\(shown(text)) is not a number", "give \(wanted)")
        case .quoted(let text):
            refuse(
                "\"\(text.isEmpty ? "" : shown(text))\" is in quotes and so is text",
                "give \(wanted)")
        case .nothing, .list, .mapping, .tagged:
            refuse(content.problem, "give \(wanted)")
        }
        return nil
    }

    private struct Number {
        let text: String
        let double: Double
        /// The number if it is written as an integer: a double would lose digits of a large one.
        let integer: Int?
    }
}

extension Entry {
    /// What kind of value the node is, under the core schema.
    enum Content {
        case nothing
        case number(String, CoreScalar)
        case text(String)
        case quoted(String)
        /// A plain `true` or `false`.
        case otherScalar(String)
        case list([Node])
        case mapping([(key: Node, value: Node)])
        case tagged(String)

        /// What a message says if another kind of value is wanted.
        var problem: String {
            switch self {
            case .nothing: "there is no value"
            case .number(let text, _), .text(let text), .quoted(let text), .otherScalar(let text):
                "\(shown(text)) is a single value"
            case .list: "this is a list"
            case .mapping: "this is a mapping"
            case .tagged(let tag):
                "the tag \(shown(tag.replacing("tag:yaml.org,2002:", with: "!!"))) is not read here"
            }
        }
    }

    var content: Content {
        let tag = node.tagName
        switch node {
        case .scalar(let scalar):
            if scalar.style != .plain, tag.isEmpty || tag == Tag.Name.str.rawValue {
                return .quoted(scalar.string)
            }
            if tag == Tag.Name.str.rawValue { return .text(scalar.string) }
            guard tag.isEmpty else { return .tagged(tag) }
            switch CoreScalar(plain: scalar.string) {
            case .null: return .nothing
            case .boolean: return .otherScalar(scalar.string)
            case .text: return .text(scalar.string)
            case let number: return .number(scalar.string, number)
            }
        case .sequence(let sequence): return tag.isEmpty ? .list(Array(sequence)) : .tagged(tag)
        case .mapping(let mapping): return tag.isEmpty ? .mapping(Array(mapping)) : .tagged(tag)
        case .alias: preconditionFailure("Yams puts the anchor's node in an alias' place")
        }
    }
}

extension Node {
    /// The tag as written; empty if the file gives none. (`Node.tag` would resolve it by YAML 1.1.)
    fileprivate var tagName: String {
        switch self {
        case .scalar(let scalar): scalar.tag.rawValue
        case .sequence(let sequence): sequence.tag.rawValue
        case .mapping(let mapping): mapping.tag.rawValue
        case .alias(let alias): alias.tag.rawValue
        }
    }
}

/// A value as a message quotes it: one line, and not too long.
func shown(_ text: String) -> String {
    let line = String(
        String.UnicodeScalarView(
            text.unicodeScalars.prefix(200).map { isUnprintable($0) ? " " : $0 }))
    let isPlain = !line.isEmpty && line.first != " " && line.last != " "
    let short = line.count > 60 ? line.prefix(57) + "..." : line
    return isPlain ? short : "\"\(short)\""
}
