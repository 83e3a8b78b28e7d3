extension Sweep {
    /// What this sweep's settings have that another's haven't, in the sweep file's terms:
    /// `test_samples: 500 instead of 1000`. Neither the axes, the metrics nor the name are compared.
    package func changes(from old: Sweep) -> [String] {
        let before = Dictionary(old.settingLines.map { ($0.key, $0.value) }) { $1 }
        let now = settingLines
        let changed = now.compactMap { key, value -> String? in
            guard let earlier = before[key] else { return "\(key): \(shown(value)) is new" }
            guard earlier != value else { return nil }
            return value.count > 30 || earlier.count > 30
                ? "another \(key)" : "\(key): \(value) instead of \(earlier)"
        }
        let gone = old.settingLines.map(\.key).filter { key in !now.contains { $0.key == key } }
        return changed + gone.map { "no \($0)" }
    }

    /// The settings as `sweep.yaml` has them, each with its path of keys. A table's place doesn't count.
    private var settingLines: [(key: String, value: String)] {
        var section = ""
        var lines: [(key: String, value: String)] = []
        for line in settings.yamlLines where !line.isEmpty {
            let parts = line.split(separator: ":", maxSplits: 1).map {
                $0.trimmingPrefix { $0 == " " }
            }
            let isNested = line.hasPrefix(" ")
            if !isNested { section = String(parts[0]) }
            guard parts.count == 2, !parts[1].isEmpty else { continue }
            let key =
                parts[0].hasPrefix("#")
                ? "content of \(section)'s table" : isNested ? "\(section).\(parts[0])" : section
            if key != "task.file" { lines.append((key, String(parts[1]))) }
        }
        return lines
    }
}
