import Sweep

/// Bytes of a CSV as RFC 4180 has it, with LF line ends.
struct CSVText {
    private(set) var bytes: [UInt8] = []
    private var isAtLineStart = true
    private var numbers = NumberTexts()

    /// The shortest text that reads back to the same double, with a point or an exponent; an
    /// undefined value is an empty field.
    mutating func append(_ value: Double) {
        separate()
        if !value.isNaN { numbers.append(value, to: &bytes) }
    }

    mutating func append(_ value: Int) {
        separate()
        bytes.append(contentsOf: value.description.utf8)
    }

    mutating func append(_ text: String) {
        separate()
        guard text.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D })
        else { return bytes.append(contentsOf: text.utf8) }
        bytes.append(0x22)
        for byte in text.utf8 {
            if byte == 0x22 { bytes.append(0x22) }
            bytes.append(byte)
        }
        bytes.append(0x22)
    }

    /// A field that needs no quotes.
    mutating func append(plain field: [UInt8]) {
        separate()
        bytes.append(contentsOf: field)
    }

    mutating func endLine() {
        bytes.append(0x0A)
        isAtLineStart = true
    }

    /// Begins anew, at the start of a line.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        isAtLineStart = true
    }

    private mutating func separate() {
        if !isAtLineStart { bytes.append(0x2C) }
        isAtLineStart = false
    }
}

/// A cache of the texts of the last numbers. Shares of test points recur all the time, and making a text
/// costs ten times what finding it here does.
private struct NumberTexts {
    private static let count = 4096
    /// Bytes of the longest text, -2.2250738585072014e-308.
    private static let width = 24

    /// For each place in the cache: the number's bits (`nothing` if the place is free) and its text's bytes.
    private var keys = [UInt64](repeating: nothing, count: count)
    private var lengths = [UInt8](repeating: 0, count: count)
    private var texts = [UInt8](repeating: 0, count: count * width)

    /// The bits of a NaN, for which no text is ever asked.
    private static let nothing = UInt64.max

    mutating func append(_ number: Double, to bytes: inout [UInt8]) {
        let key = number.bitPattern
        // Multiplying by the golden ratio spreads the numbers evenly over the places.
        let place = Int((key &* 0x9E37_79B9_7F4A_7C15) >> 52)
        if keys[place] != key { remember(number, at: place) }
        let start = place * Self.width
        texts.withUnsafeBufferPointer {
            bytes.append(
                contentsOf: UnsafeBufferPointer(rebasing: $0[start..<start + Int(lengths[place])]))
        }
    }

    private mutating func remember(_ number: Double, at place: Int) {
        var text = number.description
        keys[place] = number.bitPattern
        text.withUTF8 { text in
            lengths[place] = UInt8(text.count)
            texts.withUnsafeMutableBytes { texts in
                UnsafeMutableRawBufferPointer(rebasing: texts[(place * Self.width)...])
                    .copyMemory(from: UnsafeRawBufferPointer(text))
            }
        }
    }
}

/// The axes' columns: each value's text is made once, however many cells have it.
struct AxisFields {
    /// By axis, the texts of its values, and the grid's numbers.
    private let texts: [[[UInt8]]]
    private let strides: [Int]

    init(_ grid: Grid) {
        texts = Axis.allCases.map { axis in grid[axis].all.map { Array($0.description.utf8) } }
        strides = grid.numbering.strides
    }

    /// Appends a cell's values of some axes.
    func append(cell: Int, _ axes: some Sequence<Axis>, to csv: inout CSVText) {
        for axis in axes {
            let texts = texts[axis.rawValue]
            csv.append(plain: texts[cell / strides[axis.rawValue] % texts.count])
        }
    }
}
