import Yams

/// A mapping of the sweep file whose keys have been checked: those that don't belong there are faults.
struct Section {
    /// The path of keys to it; empty for the top level.
    let key: String
    let line: Int?
    private let entries: [String: Entry]
    private let document: Document

    /// Nil, and a fault, if the entry is not a mapping.
    ///
    /// - Parameter misplaced: For keys that are known elsewhere: why they can't be here, and what to do.
    init?(
        _ entry: Entry, keys: [String], misplaced: [String: (problem: String, remedy: String)] = [:]
    ) {
        guard case .mapping(let pairs) = entry.content else {
            let subject = entry.key.isEmpty ? "the file" : "it"
            entry.refuse(
                entry.content.problem,
                "give \(subject) as a mapping with the keys \(listed(keys, "and"))")
            return nil
        }
        key = entry.key
        line = entry.line
        document = entry.document
        var entries: [String: Entry] = [:]
        var lines: [String: [Int]] = [:]
        for (keyNode, value) in pairs {
            let keyLine = keyNode.mark?.line
            guard let name = entry.document.name(ofKey: keyNode) else {
                entry.document.faults.add(
                    line: keyLine, key: entry.key, "a list or mapping stands where a key should",
                    "give a key as plain text")
                continue
            }
            let path = entry.key.isEmpty ? shown(name) : "\(entry.key).\(shown(name))"
            let found = Entry(key: path, line: keyLine, node: value, document: entry.document)
            entries[name] = found
            lines[name, default: []].append(keyLine ?? 0)
            if keys.contains(name) { continue }
            if let (problem, remedy) = misplaced[name] {
                found.refuse(problem, remedy)
            } else {
                found.refuse("there is no such key", Self.remedy(unknown: name, keys: keys))
            }
        }
        for (name, lines) in lines.sorted(by: { $0.key < $1.key }) where lines.count > 1 {
            entries[name]?.refuse(
                "the key is repeated (lines \(listed(lines.map(String.init), "and")))",
                "keep one of them")
        }
        self.entries = entries
    }

    /// Nil if the key is left out.
    subscript(key: String) -> Entry? { entries[key] }

    /// Nil, and a fault, if the key is left out.
    func required(_ name: String, _ wanted: String) -> Entry? {
        if let entry = entries[name] { return entry }
        refuse(name, "this key is missing", "give \(wanted)")
        return nil
    }

    /// Records a fault about a key that is left out.
    func refuse(_ name: String, _ problem: String, _ remedy: String) {
        let path = key.isEmpty ? name : "\(key).\(name)"
        document.faults.add(line: line, key: path, problem, remedy)
    }

    private static func remedy(unknown name: String, keys: [String]) -> String {
        let homes = SweepKeys.sections.filter { $0.keys.contains(name) }.map(\.place)
        if !homes.isEmpty { return "it belongs \(listed(homes, "or"))" }
        if let nearest = nearestName(to: name, among: keys) { return "did you mean \(nearest)?" }
        return "known here are \(listed(keys, "and"))"
    }
}

/// Every key of a sweep file, in the order in which it is written out.
enum SweepKeys {
    static let top = [
        "name", "task", "student", "training", "teacher", "hard_label_smoothing",
        "temperature_scaling", "oracle_samples", "test_samples", "grid", "metrics",
    ]
    static let mixture = [
        "kind", "dimension", "components", "spread", "separation", "labels", "seed",
    ]
    static let table = ["kind", "file", "label", "teacher_logit", "features", "ignore"]
    static let student = ["activation", "weight_scale", "bias_scale"]
    static let training = ["learning_rate", "momentum"]
    static let teacher = ["noise", "lengthscale"]
    static let grid = Axis.allCases.map(\.key)
    static let range = ["from", "to", "count", "step", "scale"]
    static let precision = ["from", "at_least", "at_most", "precision"]

    /// For each section, how a message names it and which keys belong there.
    static let sections: [(place: String, keys: [String])] = [
        ("at the top level", top), ("under task", mixture + table.dropFirst()),
        ("under student", student), ("under training", training), ("under teacher", teacher),
        ("under grid", grid),
    ]
}
