import Foundation

/// A table's CSV whose header has been read.
struct TableFile {
    /// The file's name in messages.
    let name: String
    /// The names of the columns, in the file's order.
    let header: [String]
    let data: Data
    /// Where the first row begins.
    private let body: CSVReader.Place
    private let faults: FaultList
    private let pendingDigest: PendingDigest

    /// SHA-256 of the bytes; waits until the other thread has computed it.
    var digest: String { pendingDigest.value }

    /// Reads the header. Cost: a look at every byte, and a SHA-256 on another thread.
    ///
    /// - Returns: Nil, and a fault, if the file is no CSV with a header.
    init?(_ data: Data, name: String, faults: FaultList) {
        guard isUTF8(data) else {
            faults.add(
                file: name, line: firstInvalidLine(of: data), "this is not UTF-8",
                "save the table as UTF-8")
            return nil
        }
        guard let (header, body) = Self.header(data, name: name, faults: faults) else {
            return nil
        }
        self.name = name
        pendingDigest = PendingDigest(of: data)
        self.header = header
        self.data = data
        self.body = body
        self.faults = faults
    }

    private static func header(
        _ data: Data, name: String, faults: FaultList
    ) -> (header: [String], body: CSVReader.Place)? {
        data.withUnsafeBytes { bytes in
            var records = CSVReader(bytes.bindMemory(to: UInt8.self))
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
                        "the column's name is repeated", "give each column a name of its own")
                }
                return seen.count == header.fields.count ? (header.fields, records.place) : nil
            } catch {
                faults.add(file: name, line: error.line, error.problem, error.remedy)
                return nil
            }
        }
    }

    /// Reads every row. Nil if a field can't be used; each such field is recorded as a fault. Blank lines at
    /// the end are no rows.
    ///
    /// Memory: the numbers, and nothing else that grows with the file.
    ///
    /// - Parameter reference: Names the columns, which must be in the header.
    func rows(_ reference: TableReference) -> Table? {
        let positions = Dictionary(uniqueKeysWithValues: zip(header, 0...))
        func position(_ name: String) -> Int {
            guard let position = positions[name] else { preconditionFailure("no column \(name)") }
            return position
        }
        var rows = Rows(
            header: header, features: reference.features.map(position),
            label: position(reference.label), teacherLogit: position(reference.teacherLogit))
        data.withUnsafeBytes { bytes in
            rows.read(bytes.bindMemory(to: UInt8.self), from: body)
        }
        rows.report(to: faults, file: name)
        guard rows.faultCount == 0 else { return nil }
        return Table(
            dimension: reference.features.count, features: rows.values, labels: rows.labels,
            teacherLogits: rows.logits)
    }
}

/// Whether bytes are UTF-8. Checked a piece at a time, since each piece is copied for it.
private func isUTF8(_ data: Data) -> Bool {
    data.withUnsafeBytes { bytes in
        var rest = bytes.bindMemory(to: UInt8.self)[...]
        while !rest.isEmpty {
            // Cut after a line feed: in UTF-8 its byte is part of no other character, so none is cut in two.
            var piece = rest.prefix(1 << 20)
            if piece.endIndex < rest.endIndex,
                let last = piece.lastIndex(of: UInt8(ascii: "\n"))
            {
                piece = piece[...last]
            } else {
                piece = rest
            }
            guard String(validating: UnsafeBufferPointer(rebasing: piece), as: UTF8.self) != nil
            else { return false }
            rest = rest[piece.endIndex...]
        }
        return true
    }
}

/// The rows of a table as they are read, and what is wrong with them.
private struct Rows {
    /// How many faults are reported one by one. A column of the wrong kind has one in every row.
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

    /// Reads a file's rows. Most are lines of plain numbers, whose fields are read without copying them. The
    /// others are split into fields, by which it can be said what is wrong with them.
    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, from body: CSVReader.Place) {
        let bytes = UnsafeBufferPointer(rebasing: bytes[..<end(of: bytes, from: body)])
        reserve(bytes[body.position...])
        var records = CSVReader(bytes, from: body)
        let columns = columns
        var numbers = [Double](repeating: 0, count: features.count + 2)
        do throws(CSVReader.SyntaxError) {
            while true {
                let place = records.place
                if let columns,
                    numbers.withUnsafeMutableBufferPointer({
                        records.nextNumbers(columns, into: $0)
                    })
                {
                    if append(numbers) { continue }
                    records = CSVReader(bytes, from: place)
                }
                guard let record = try records.next() else { return }
                append(record)
            }
        } catch {
            add(line: error.line, column: nil, error.problem, error.remedy)
        }
    }

    /// Where the rows end: before the blank lines that many editors and programs leave at the end.
    private func end(of bytes: UnsafeBufferPointer<UInt8>, from body: CSVReader.Place) -> Int {
        var end = bytes.count
        while end > body.position, bytes[end - 1] == UInt8(ascii: "\n") {
            end -= 1
            if end > body.position, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        }
        return end
    }

    /// Makes room for all rows, so that no array is copied as it grows.
    private mutating func reserve(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) {
        var lines = 1
        for byte in bytes where byte == UInt8(ascii: "\n") { lines += 1 }
        // Bounded by the bytes too, as a row has at least one byte for each column. Otherwise a file of blank
        // lines would reserve memory for numbers that it doesn't have.
        let count = min(lines, bytes.count / header.count + 1)
        values.reserveCapacity(count * features.count)
        labels.reserveCapacity(count)
        logits.reserveCapacity(count)
    }

    /// For each column, its position among a row's numbers: the features, the logit, the label. Nil if a
    /// column has two positions.
    private var columns: [Int?]? {
        var columns = [Int?](repeating: nil, count: header.count)
        for (index, column) in (features + [teacherLogit, label]).enumerated() {
            guard columns[column] == nil else { return nil }
            columns[column] = index
        }
        return columns
    }

    /// Takes a row's numbers; false if the label is neither 0 nor 1.
    private mutating func append(_ numbers: [Double]) -> Bool {
        let label = numbers[features.count + 1]
        guard label == 0 || label == 1 else { return false }
        values.append(contentsOf: numbers[..<features.count])
        logits.append(numbers[features.count])
        labels.append(label == 1)
        return true
    }

    private mutating func append(_ record: CSVReader.Record) {
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
        // Some programs align columns with blanks around the numbers.
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
    /// Reads the columns of a CSV's bytes, from a file or from the coordinator.
    ///
    /// - Throws: If the bytes don't have the reference's digest, or a field can't be used.
    public init(_ reference: TableReference, data: Data) throws(SweepFileError) {
        let faults = FaultList(file: reference.file)
        let file = TableFile(data, name: reference.file, faults: faults)
        let table = file?.rows(reference, faults)
        // The rows were read first, while another thread computed the digest.
        guard (file?.digest ?? sha256(data)) == reference.digest else {
            let changes = FaultList(file: reference.file)
            changes.add(
                line: nil, "the table has changed since the sweep was checked",
                "put it back, or start the sweep anew")
            throw changes.error
        }
        guard let table else { throw faults.error }
        self = table
    }
}

extension TableFile {
    /// Nil, and faults, if a column is missing or a field can't be used.
    fileprivate func rows(_ reference: TableReference, _ faults: FaultList) -> Table? {
        let columns = reference.features + [reference.label, reference.teacherLogit]
        for column in columns where !header.contains(column) {
            faults.add(line: 1, "there is no column \(shown(column))", "check the sweep file anew")
        }
        return faults.faults.isEmpty ? rows(reference) : nil
    }
}

extension Sweep {
    /// The reference of the sweep's table; nil for a mixture.
    public var table: TableReference? {
        switch settings.learningTask {
        case .gaussianMixture: nil
        case .table(let reference): reference
        }
    }
}
