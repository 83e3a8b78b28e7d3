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
        checkCopies(reference.features, of: rows, label: reference.label, section, file)
        reference.digest = file.digest
        reference.rows = rows.rowCount
        reference.bytes = file.data.count
        (table.name, table.data, table.rows) = (file.name, file.data, rows)
        return reference
    }

    private struct Columns {
        let label: String
        let teacherLogit: String
        /// Nil if all other columns but the ignored ones are features.
        let features: [String]?
        let ignored: [String]

        var answers: [String] { [label, teacherLogit] }
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
        func isAnswer(_ column: Entry) -> String? {
            switch column.name {
            case label: "this is the label column"
            case logit: "this is the teacher's logit column"
            default: nil
            }
        }
        let features = names(section["features"])
        for column in features?.entries ?? [] {
            guard let problem = isAnswer(column) else { continue }
            column.refuse(problem, "remove it from the features: it would give the answer away")
        }
        let ignored = names(section["ignore"])
        for column in ignored?.entries ?? [] {
            if let problem = isAnswer(column) {
                column.refuse(problem, "remove it from the list: it is no feature anyway")
            } else if let name = column.name, features?.names.contains(name) == true {
                column.refuse(
                    "this column is among the features too", "remove it from one of the two lists")
            }
        }
        if section["features"] != nil, features == nil { return nil }
        if section["ignore"] != nil, ignored == nil { return nil }
        return Columns(
            label: label, teacherLogit: logit, features: features?.names,
            ignored: ignored?.names ?? [])
    }

    /// The columns of a list. Even if the list has a fault, its columns are looked up in the table, so that all
    /// faults are reported. Nil if there is no such key, or if it is no list, which is a fault.
    private func names(_ entry: Entry?) -> (entries: [Entry], names: [String])? {
        guard let entry else { return nil }
        guard let elements = entry.elements else {
            entry.refuse(entry.content.problem, "give a list of columns, as [a, b, c]")
            return nil
        }
        let names = entry.distinct { $0.text("a column's name") } ?? elements.compactMap(\.name)
        return (elements, names)
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
        let missing = missingColumns(columns, section, file)
        guard missing.isEmpty else { return nil }
        let others = columns.answers + columns.ignored
        let features = columns.features ?? file.header.filter { !others.contains($0) }
        guard !features.isEmpty else {
            section.refuse(
                "features", "\(file.name) has no column for a feature", "give the table one")
            return nil
        }
        guard checkNames(of: features, section, file) else { return nil }
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
        for key in ["features", "ignore"] {
            for entry in section[key]?.elements ?? [] {
                if let name = entry.name { wanted.append((name, key, entry)) }
            }
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

    /// Whether no feature is a column without a name. pandas writes its row numbers into such a column, and
    /// reads its name as `Unnamed: 0`; in a table that is sorted by class a row's number gives its label away.
    private func checkNames(of features: [String], _ section: Section, _ file: TableFile) -> Bool {
        func isBlank(_ name: String) -> Bool { name.allSatisfy { $0 == " " || $0 == "\t" } }
        let nameless = features.filter {
            isBlank($0) || $0.wholeMatch(of: /Unnamed: \d+(\.\d+)*/) != nil
        }
        for column in nameless {
            let entry = section["features"]?.elements?.first { $0.name == column }
            let problem =
                isBlank(column)
                ? "\(file.name) has a column without a name, which would be a feature"
                : "the column \(shown(column)) would be a feature"
            let remedy =
                "it looks like the row numbers that pandas writes: save with index=False, or put it into "
                + "task.ignore: [\"\(column)\"]"
            if let entry {
                entry.refuse(problem, remedy)
            } else {
                section.refuse("features", problem, remedy)
            }
        }
        return nameless.isEmpty
    }

    /// Refuses features that give the answer away: copies of the label, and of the row's number.
    private func checkCopies(
        _ features: [String], of rows: Table, label: String, _ section: Section, _ file: TableFile
    ) {
        for (position, problem) in rows.giveaways {
            let name = features[position]
            // That it is the label's own column is a fault already.
            if name == label { continue }
            let entry = section["features"]?.elements?.first { $0.name == name } ?? section["file"]
            entry?.refuse(
                "the feature \(shown(name)) of \(file.name) is \(problem)",
                "leave it out with task.ignore: [\"\(name)\"]")
        }
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
