import Foundation

extension SweepReader {
    /// - Parameter samples: The table must have rows for both; nil if they were refused.
    func table(_ entry: Entry, samples: (oracle: Int?, test: Int?)) -> TableReference? {
        var misplaced: [String: (problem: String, remedy: String)] = [:]
        for key in SweepKeys.mixture.dropFirst() {
            misplaced[key] = (
                "this key is a mixture's", "remove it, or choose kind: gaussian-mixture"
            )
        }
        misplaced["labels"] = ("a table's labels stand in its label column", "remove this key")
        misplaced["dimension"] = ("a table's dimension is how many features it has", "remove it")
        guard let section = Section(entry, keys: SweepKeys.table, misplaced: misplaced) else {
            return nil
        }
        let wanted = "the path of a CSV file"
        let path = section.required("file", wanted)?.text(wanted)
        let columns = columns(section)
        guard let path, let columns, let (file, url) = open(path, section),
            var reference = reference(columns, section, file: file, url: url),
            let rows = file.rows(reference)
        else { return nil }
        check(rows: rows.rowCount, samples: samples)
        reference.digest = file.digest
        reference.rows = rows.rowCount
        reference.bytes = file.data.count
        (table.name, table.data, table.rows) = (file.name, file.data, rows)
        return reference
    }

    private struct Columns {
        let label: String
        let teacherLogit: String
        /// Nil if all other columns are features.
        let features: [String]?
    }

    private func columns(_ section: Section) -> Columns? {
        let wanted = "a column's name"
        let label = section["label"].map { $0.text(wanted) } ?? "label"
        let logit = section["teacher_logit"].map { $0.text(wanted) } ?? "teacher_logit"
        guard let label, let logit else { return nil }
        if label == logit {
            (section["label"] ?? section["teacher_logit"])?.refuse(
                "\(shown(label)) is both the label and the teacher's logit", "name two columns")
            return nil
        }
        guard let entry = section["features"] else {
            return Columns(label: label, teacherLogit: logit, features: nil)
        }
        guard let elements = entry.elements else {
            entry.refuse(entry.content.problem, "give a list of columns, as [a, b, c]")
            return nil
        }
        // Even if the list has a fault, its columns are looked up in the table, so that all faults are reported.
        let features = entry.distinct { $0.text(wanted) } ?? elements.compactMap(\.name)
        for feature in elements where feature.name == label || feature.name == logit {
            feature.refuse(
                "this is the \(feature.name == label ? "label" : "teacher's logit") column",
                "remove it from the features: it would give the answer away")
        }
        return Columns(label: label, teacherLogit: logit, features: features)
    }

    private func open(_ path: String, _ section: Section) -> (TableFile, URL)? {
        func joined(_ folder: String) -> String {
            path.hasPrefix("/") || folder.isEmpty ? path : "\(folder)/\(path)"
        }
        // If the sweep is read from a pipe, its folder (/dev/fd) means nothing to the user, so messages show
        // the path as it was given.
        let name =
            isStream ? path : joined((file.relativePath as NSString).deletingLastPathComponent)
        let url = URL(
            fileURLWithPath: isStream ? path : joined(file.deletingLastPathComponent().path))
        do {
            let data = try Data(contentsOf: url)
            return TableFile(data, name: name, faults: faults).map { ($0, url) }
        } catch {
            section["file"]?.refuse(
                unreadable(url, name: shown(name)),
                "give the path of a CSV file, seen from "
                    + (isStream ? "the current folder" : "the sweep file's folder"))
            return nil
        }
    }

    /// The reference without the digest: the rows are read first, while that is computed.
    private func reference(
        _ columns: Columns, _ section: Section, file: TableFile, url: URL
    ) -> TableReference? {
        let answers = [columns.label, columns.teacherLogit]
        let features = columns.features ?? file.header.filter { !answers.contains($0) }
        let missing = missingColumns(columns, section, file)
        guard missing.isEmpty else { return nil }
        guard !features.isEmpty else {
            section.refuse(
                "features", "\(file.name) has no column for a feature", "give the table one")
            return nil
        }
        return TableReference(
            file: url.resolvingSymlinksInPath().path, digest: "", label: columns.label,
            teacherLogit: columns.teacherLogit, features: features)
    }

    /// The columns that the sweep file names and the table lacks; adds a fault for each.
    private func missingColumns(
        _ columns: Columns, _ section: Section, _ file: TableFile
    ) -> [String] {
        let header = Set(file.header)
        var wanted: [(name: String, key: String, entry: Entry?)] = [
            (columns.label, "label", section["label"]),
            (columns.teacherLogit, "teacher_logit", section["teacher_logit"]),
        ]
        for entry in section["features"]?.elements ?? [] {
            if let name = entry.name { wanted.append((name, "features", entry)) }
        }
        let missing = wanted.filter { !header.contains($0.name) }
        for (name, key, entry) in missing {
            let problem = "\(file.name) has no column \(shown(name))"
            let remedy =
                nearestName(to: name, among: file.header).map { "did you mean \(shown($0))?" }
                ?? "its columns are \(shown(listed(file.header, "and")))"
            if let entry {
                entry.refuse(problem, remedy)
            } else {
                section.refuse(key, problem, "name one: \(remedy)")
            }
        }
        return missing.map(\.name)
    }

    private func check(rows: Int, samples: (oracle: Int?, test: Int?)) {
        guard let oracle = samples.oracle, let test = samples.test, rows < oracle + test else {
            return
        }
        top["oracle_samples"]?.refuse(
            "the table has \(rows) rows, fewer than oracle_samples + test_samples = \(oracle + test)",
            "lower them to \(rows) in all, or add rows")
    }
}

extension Entry {
    /// The entry's text; nil, without a fault, if it has none.
    fileprivate var name: String? {
        switch content {
        case .text(let text), .quoted(let text): text
        case .nothing, .number, .otherScalar, .list, .mapping, .tagged: nil
        }
    }
}
