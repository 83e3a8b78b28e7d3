import Foundation

/// A table's CSV, its header read.
struct TableFile {
    /// The file's name in messages.
    let name: String
    let digest: String
    /// The names of the columns, in the file's order.
    let header: [String]
    private let records: CSVReader
    private let faults: FaultList

    /// Nil, and a fault, where the file is no CSV with a header.
    init?(_ data: Data, name: String, faults: FaultList) {
        guard String(validating: data, as: UTF8.self) != nil else {
            faults.add(
                file: name, line: firstInvalidLine(of: data), "this is not UTF-8",
                "save the table as UTF-8")
            return nil
        }
        var records = CSVReader(Array(data))
        do throws(CSVReader.SyntaxError) {
            guard let header = try records.next() else {
                faults.add(
                    file: name, line: nil, "the table is empty", "give a header line and rows")
                return nil
            }
            var seen: Set<String> = []
            for column in header.fields where !seen.insert(column).inserted {
                faults.add(
                    file: name, line: header.line, key: "column \(shown(column))",
                    "the column's name is repeated",
                    "give each column a name of its own")
            }
            guard seen.count == header.fields.count else { return nil }
            self.header = header.fields
        } catch {
            faults.add(file: name, line: error.line, error.problem, error.remedy)
            return nil
        }
        self.name = name
        self.digest = sha256(data)
        self.records = records
        self.faults = faults
    }

    /// Reads every row; nil, and a fault for each wrong cell, where one can't be used.
    ///
    /// - Parameter reference: Its columns must be in the header.
    func rows(_ reference: TableReference) -> Table? {
        let positions = Dictionary(uniqueKeysWithValues: zip(header, 0...))
        func position(_ name: String) -> Int {
            guard let position = positions[name] else { preconditionFailure("no column \(name)") }
            return position
        }
        var rows = Rows(
            header: header, features: reference.features.map(position),
            label: position(reference.label), teacherLogit: position(reference.teacherLogit))
        var records = records
        do throws(CSVReader.SyntaxError) {
            while let record = try records.next() { rows.append(record) }
        } catch {
            rows.add(line: error.line, column: nil, error.problem, error.remedy)
        }
        rows.report(to: faults, file: name)
        guard rows.faultCount == 0 else { return nil }
        return Table(
            dimension: reference.features.count, features: rows.values, labels: rows.labels,
            teacherLogits: rows.logits)
    }
}

/// The rows of a table as they are read, and what is wrong with them.
private struct Rows {
    /// A column of the wrong kind has a fault in every row: the first ones tell it.
    static let shownFaults = 10

    let header: [String]
    let features: [Int]
    let label: Int
    let teacherLogit: Int
    var values: [Double] = []
    var labels: [Bool] = []
    var logits: [Double] = []
    var faultCount = 0
    private var shownFaults: [(line: Int, key: String, problem: String, remedy: String)] = []

    init(header: [String], features: [Int], label: Int, teacherLogit: Int) {
        self.header = header
        self.features = features
        self.label = label
        self.teacherLogit = teacherLogit
    }

    mutating func append(_ record: CSVReader.Record) {
        guard record.fields.count == header.count else {
            let problem =
                record.fields == [""]
                ? "the line is blank"
                : "the row has \(record.fields.count) fields, the header \(header.count)"
            let remedy = "give each row \(header.count) fields"
            add(line: record.line, column: nil, problem, remedy)
            return
        }
        for feature in features {
            values.append(number(record, feature, "give a finite decimal number") ?? 0)
        }
        logits.append(number(record, teacherLogit, "give the teacher's logit") ?? 0)
        guard let value = number(record, label, "give 0 or 1") else { return }
        if value != 0 && value != 1 {
            add(
                line: record.line, column: header[label],
                "\(shown(record.fields[label])) is no label", "give 0 or 1")
        }
        labels.append(value == 1)
    }

    private mutating func number(
        _ record: CSVReader.Record, _ column: Int, _ remedy: String
    ) -> Double? {
        let text = record.fields[column]
        if let value = Double(decimal: text), value.isFinite { return value }
        // Some writers align their columns.
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        if let value = Double(decimal: trimmed), value.isFinite { return value }
        let problem = text.isEmpty ? "the cell is empty" : "\(shown(text)) is not a finite number"
        add(line: record.line, column: header[column], problem, remedy)
        return nil
    }

    mutating func add(line: Int, column: String?, _ problem: String, _ remedy: String) {
        faultCount += 1
        if faultCount <= Self.shownFaults {
            let key = column.map { "column \(shown($0))" } ?? ""
            shownFaults.append((line, key, problem, remedy))
        }
    }

    func report(to faults: FaultList, file: String) {
        for fault in shownFaults {
            faults.add(
                file: file, line: fault.line, key: fault.key, fault.problem, fault.remedy)
        }
        if faultCount > Self.shownFaults {
            faults.add(
                file: file, line: nil,
                "there are \(faultCount - Self.shownFaults) more faults in this table",
                "mend those above first")
        }
    }
}

extension Table {
    /// Reads the columns of a CSV's bytes, wherever they came from.
    ///
    /// - Throws: Where the bytes are others than the reference's digest says, or there is a cell
    ///   that can't be used.
    public init(_ reference: TableReference, data: Data) throws(SweepFileError) {
        try reference.check(data)
        let faults = FaultList(file: reference.file)
        guard let file = TableFile(data, name: reference.file, faults: faults) else {
            throw faults.error
        }
        let columns = reference.features + [reference.label, reference.teacherLogit]
        for column in columns where !file.header.contains(column) {
            faults.add(line: 1, "there is no column \(shown(column))", "check the sweep file anew")
        }
        guard faults.faults.isEmpty, let table = file.rows(reference) else { throw faults.error }
        self = table
    }
}

extension TableReference {
    /// The file's bytes, as they were when the sweep was checked. Costs a reading of the file and a
    /// SHA-256.
    ///
    /// - Throws: Where the file can't be read, or has changed since.
    public func contents() throws(SweepFileError) -> Data {
        let url = URL(fileURLWithPath: file)
        let data: Data
        do { data = try Data(contentsOf: url) } catch {
            let faults = FaultList(file: file)
            faults.add(line: nil, unreadable(url, name: file), "put the table back")
            throw faults.error
        }
        try check(data)
        return data
    }

    fileprivate func check(_ data: Data) throws(SweepFileError) {
        guard sha256(data) != digest else { return }
        let faults = FaultList(file: file)
        faults.add(
            line: nil, "the table has changed since the sweep was checked",
            "put it back, or start the sweep anew")
        throw faults.error
    }
}

extension Sweep {
    /// Its table's reference; nil for a mixture.
    public var table: TableReference? {
        switch settings.learningTask {
        case .gaussianMixture: nil
        case .table(let reference): reference
        }
    }
}
