/// A key and its value, as a sweep file has them.
typealias YAMLEntry = (key: String, value: String)

extension Sweep {
    /// The sweep as a file that reads back to an equal sweep: every default and every axis' values
    /// written out, a table's path absolute.
    public func resolvedYAML() -> String {
        var lines = ["name: \(yaml(name))"]
        for (key, entries) in settings.sections + [("grid", gridEntries)] {
            lines.append("")
            if let key { lines.append("\(key):") }
            for entry in entries {
                if entry.key == "file", let table {
                    lines.append("  # SHA-256 of the file: \(table.digest)")
                }
                lines.append((key == nil ? "" : "  ") + "\(entry.key): \(entry.value)")
            }
        }
        let chosen = metrics == Metric.allCases ? "all" : flowList(metrics.map(\.rawValue))
        lines += ["", "metrics: \(chosen)"]
        return lines.joined(separator: "\n") + "\n"
    }
}

extension Settings {
    /// The sections of a sweep file from `task` to `test_samples`; nil for the keys at the top level.
    var sections: [(key: String?, entries: [YAMLEntry])] {
        let top = [
            ("hard_label_smoothing", "\(hardLabelSmoothing)"),
            ("temperature_scaling", temperatureScaling.rawValue),
            ("oracle_samples", "\(oracleSamples)"),
            ("test_samples", "\(testSamples)"),
        ]
        return [
            ("task", learningTask.entries), ("student", student.entries),
            ("training", training.entries), ("teacher", teacherNoise.entries), (nil, top),
        ]
    }
}

extension LearningTask {
    fileprivate var entries: [YAMLEntry] {
        switch self {
        case .gaussianMixture(let mixture):
            [
                ("kind", "gaussian-mixture"),
                ("dimension", "\(mixture.dimension)"),
                ("components", "\(mixture.components)"),
                ("spread", "\(mixture.spread)"),
                ("separation", "\(mixture.separation)"),
                ("labels", mixture.labels.rawValue),
                ("seed", "\(mixture.seed)"),
            ]
        case .table(let table):
            [
                ("kind", "table"),
                ("file", yaml(table.file)),
                ("label", yaml(table.label)),
                ("teacher_logit", yaml(table.teacherLogit)),
                ("features", flowList(table.features.map(yaml))),
            ]
        }
    }
}

extension Student {
    fileprivate var entries: [YAMLEntry] {
        [
            ("activation", activation.rawValue), ("weight_scale", "\(weightScale)"),
            ("bias_scale", "\(biasScale)"),
        ]
    }
}

extension Training {
    fileprivate var entries: [YAMLEntry] {
        [("learning_rate", "\(learningRate)"), ("momentum", "\(momentum)")]
    }
}

extension NoiseModel {
    fileprivate var entries: [YAMLEntry] {
        [("noise", name.rawValue)] + parameters.map { ($0.key, "\($0.value)") }
    }
}

extension Sweep {
    fileprivate var gridEntries: [YAMLEntry] {
        Axis.allCases.map { axis in
            guard axis == .seed, let precision else { return (axis.key, flowList(grid[axis].all)) }
            return (axis.key, precision.yaml(of: grid.seed))
        }
    }
}

/// A list in brackets. A double's description is the shortest text that reads back to it.
private func flowList(_ values: [some CustomStringConvertible]) -> String {
    "[\(values.map(\.description).joined(separator: ", "))]"
}

/// The text as a YAML scalar: plain if that reads back as the same text, else in double quotes.
private func yaml(_ text: String) -> String {
    let isPlain = text.wholeMatch(of: /[A-Za-z0-9_.\/][A-Za-z0-9_.\/\-]*/) != nil
    if isPlain, CoreScalar(plain: text) == .text { return text }
    let escaped = text.unicodeScalars.map { scalar in
        switch scalar {
        case "\"": "\\\""
        case "\\": "\\\\"
        case "\n": "\\n"
        case " "..."~": String(scalar)
        case "\u{A1}"..."\u{D7FF}" where !scalar.properties.isWhitespace: String(scalar)
        default: "\\U" + String(repeating: "0", count: 8 - hex(scalar).count) + hex(scalar)
        }
    }
    return "\"\(escaped.joined())\""
}

private func hex(_ scalar: Unicode.Scalar) -> String { String(scalar.value, radix: 16) }
