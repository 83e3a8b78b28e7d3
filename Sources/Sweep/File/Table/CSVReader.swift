/// Reads the records of a CSV file (RFC 4180; lines may end in LF too), with their lines.
///
/// SwiftCSV is not used, since a table's faults are to be reported with their places: it drops an empty last
/// field, takes an unclosed quote for the end of the file, trims fields and doesn't tell a record's line.
struct CSVReader {
    struct Record {
        /// The line on which it begins, from 1; with a quoted field it may span several.
        let line: Int
        let fields: [String]
    }

    struct SyntaxError: Error {
        let line: Int
        let problem: String
        let remedy: String
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    /// Where the next record begins, and on which line, from 1.
    private(set) var place = Place()

    struct Place {
        var position = 0
        var line = 1
    }

    /// - Parameter bytes: Of a whole file; they must outlive the reader.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place.position = 3 }
    }

    /// Begins at a place that another reader of the same file has reached.
    init(_ bytes: UnsafeBufferPointer<UInt8>, from place: Place) {
        self.bytes = bytes
        self.place = place
    }

    private var position: Int {
        get { place.position }
        set { place.position = newValue }
    }

    private var line: Int {
        get { place.line }
        set { place.line = newValue }
    }

    /// Reads the next record into `numbers`, if it is a line of as many unquoted fields as there are
    /// columns, with a number in each wanted column. Otherwise returns false and stays where it is: `next`
    /// can read the record.
    ///
    /// - Parameter columns: For each column, where in `numbers` it goes; nil if it isn't wanted.
    mutating func nextNumbers(
        _ columns: [Int?], into numbers: UnsafeMutableBufferPointer<Double>
    ) -> Bool {
        guard let start = bytes.baseAddress, position < bytes.count else { return false }
        let count = bytes.count
        var i = position
        for (number, column) in columns.enumerated() {
            if number > 0 {
                guard i < count, start[i] == comma else { return false }
                i += 1
            }
            if let column {
                guard let value = numberField(start, count: count, &i) else { return false }
                numbers[column] = value
            } else {
                while i < count, start[i] != comma, start[i] != lineFeed, start[i] != carriageReturn
                {
                    if start[i] == quote { return false }
                    i += 1
                }
            }
        }
        if i < count, start[i] == carriageReturn { i += 1 }
        if i < count {
            guard start[i] == lineFeed else { return false }
            i += 1
        }
        place = Place(position: i, line: line + 1)
        return true
    }

    /// The next record; nil at the end of the file.
    mutating func next() throws(SyntaxError) -> Record? {
        guard position < bytes.count else { return nil }
        let start = line
        var fields: [String] = []
        while true {
            fields.append(byte == quote ? try quotedField() : try plainField())
            switch byte {
            case comma: position += 1
            case carriageReturn, lineFeed:
                try endLine()
                return Record(line: start, fields: fields)
            case nil: return Record(line: start, fields: fields)
            case _?:
                throw SyntaxError(
                    line: line, problem: "text follows a closing quote",
                    remedy: "quote the whole field, and double each quote within it")
            }
        }
    }

    /// The next byte; nil at the end.
    private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func plainField() throws(SyntaxError) -> String {
        let start = position
        while let byte, byte != comma, byte != lineFeed, byte != carriageReturn {
            if byte == quote {
                throw SyntaxError(
                    line: line, problem: "a quote stands within an unquoted field",
                    remedy: "quote the whole field, and double each quote within it")
            }
            position += 1
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func quotedField() throws(SyntaxError) -> String {
        let start = line
        var field: [UInt8] = []
        position += 1
        while let byte {
            position += 1
            if byte == quote {
                guard self.byte == quote else { return String(decoding: field, as: UTF8.self) }
                position += 1
            }
            if byte == lineFeed { line += 1 }
            field.append(byte)
        }
        throw SyntaxError(
            line: start, problem: "a quoted field is not closed", remedy: "close it with a quote")
    }

    private mutating func endLine() throws(SyntaxError) {
        if byte == carriageReturn {
            position += 1
            guard byte == lineFeed || byte == nil else {
                throw SyntaxError(
                    line: line, problem: "a carriage return stands alone",
                    remedy: "end lines with LF or CR LF")
            }
        }
        if byte == lineFeed { position += 1 }
        line += 1
    }
}

private let quote = UInt8(ascii: "\"")
private let comma = UInt8(ascii: ",")
private let carriageReturn = UInt8(ascii: "\r")
private let lineFeed = UInt8(ascii: "\n")
