import Foundation

/// The rows of a table as they are read, and what is wrong with them.
struct TableRows {
    /// How many faults are reported one by one. A column of the wrong kind has one in every row.
    private static let shownFaults = 10

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
