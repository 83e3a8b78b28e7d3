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
        var rows = TableRows(
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
