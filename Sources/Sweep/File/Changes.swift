extension Sweep {
    /// What another sweep was, beside this one: another sweep, with what has changed in its settings, or one with
    /// other values of axes. Nil if this sweep asks for all that the other one did.
    package func difference(from old: Sweep) -> String? {
        let changes = changes(from: old)
        if !changes.isEmpty { return "another sweep (\(changes.joined(separator: ", ")))" }
        let fewer = Axis.allCases.filter { axis in
            !Set(old.grid[axis].all).isSubset(of: grid[axis].all)
        }
        guard !fewer.isEmpty else { return nil }
        return "other values of \(fewer.map(\.key).joined(separator: ", "))"
    }

    /// What this sweep's settings have that another's haven't, in the sweep file's terms:
    /// `test_samples: 500 instead of 1000`. Neither the axes, the metrics, the name nor a table's place count.
    func changes(from old: Sweep) -> [String] {
        let (before, now) = (old.settings.values, settings.values)
        let changed = now.compactMap { key, value -> String? in
            guard let earlier = before.first(where: { $0.key == key })?.value else {
                return "\(key): \(shown(value)) is new"
            }
            guard earlier != value else { return nil }
            return value.count > 30 || earlier.count > 30
                ? "another \(key)" : "\(key): \(value) instead of \(earlier)"
        }
        let gone = before.map(\.key).filter { key in !now.contains { $0.key == key } }
        return changed + gone.map { "no \($0)" }
    }
}

extension Settings {
    /// All values that results depend on, each with its path of keys.
    fileprivate var values: [(key: String, value: String)] {
        let values = sections.flatMap { section in
            section.entries.map { entry in
                (section.key.map { "\($0).\(entry.key)" } ?? entry.key, entry.value)
            }
        }
        guard case .table(let table) = learningTask else { return values }
        return values.filter { $0.0 != "task.file" } + [("content of task's table", table.digest)]
    }
}
