import Foundation

/// Reads the number in an unquoted field of a CSV, without copying the field. The result has the same bits as
/// that of `Double(decimal:)` for its text.
///
/// - Parameters:
///   - bytes: The file's bytes.
///   - position: Where the field begins; set to where it ends, at a comma, a line's end or `count`.
///     Spaces and tabs around the number belong to the field.
/// - Returns: A finite number. Nil if the field is no plain decimal numeral, or one too large for a double;
///   `position` is then undefined.
func numberField(
    _ bytes: UnsafePointer<UInt8>, count: Int, _ position: inout Int
) -> Double? {
    var i = position
    while i < count, isBlank(bytes[i]) { i += 1 }
    let start = i
    var isNegative = false
    if i < count, bytes[i] == minus || bytes[i] == plus {
        isNegative = bytes[i] == minus
        i += 1
    }
    var numeral = Numeral()
    while i < count, numeral.take(bytes[i], isFraction: false) { i += 1 }
    if i < count, bytes[i] == point {
        i += 1
        while i < count, numeral.take(bytes[i], isFraction: true) { i += 1 }
    }
    guard numeral.hasDigits else { return nil }
    if i < count, bytes[i] | 0x20 == letterE {
        i += 1
        guard let exponent = exponent(bytes, count: count, &i) else { return nil }
        numeral.exponent += exponent
    }
    let end = i
    while i < count, isBlank(bytes[i]) { i += 1 }
    guard i == count || bytes[i] == comma || bytes[i] == lineFeed || bytes[i] == carriageReturn
    else { return nil }
    position = i
    if let magnitude = numeral.exactly { return isNegative ? -magnitude : magnitude }
    let value = converted(bytes + start, length: end - start, isLast: end == count)
    return value.isFinite ? value : nil
}

/// The digits of a numeral, as far as they fit into an integer.
private struct Numeral {
    /// The value of the digits that fitted is `mantissa * 10^exponent`.
    var mantissa: UInt64 = 0
    var exponent = 0
    var hasDigits = false
    /// How many digits there are from the first that isn't 0.
    private var digits = 0

    /// A number of 19 digits is below 2^64.
    private static let mostDigits = 19

    /// Takes the next byte; false if it is no digit.
    @inline(__always)
    mutating func take(_ byte: UInt8, isFraction: Bool) -> Bool {
        let digit = byte &- zero
        guard digit < 10 else { return false }
        hasDigits = true
        if digits >= Self.mostDigits {
            digits += 1
            return true
        }
        mantissa = mantissa &* 10 &+ UInt64(digit)
        if mantissa != 0 { digits += 1 }
        if isFraction { exponent -= 1 }
        return true
    }

    /// The double nearest to the numeral, if it can be found with one rounding; nil otherwise.
    ///
    /// A mantissa up to 2^53 and a power up to 10^22 are both exact as doubles, so their product or quotient
    /// is rounded only once (Clinger 1990, "How to Read Floating Point Numbers Accurately").
    @inline(__always)
    var exactly: Double? {
        guard digits <= Self.mostDigits else { return nil }
        if mantissa == 0 { return 0 }
        if mantissa <= 1 << 53, abs(exponent) <= 22 {
            let power = powers[abs(exponent)]
            return exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
        }
        #if arch(x86_64)
            return extended
        #else
            return nil
        #endif
    }

    #if arch(x86_64)
        /// The same with the processor's extended numbers. Their 64 bits hold 17 digits, as Python and others
        /// write them, and powers up to 10^27. The result is rounded twice, to 64 bits and then to a double.
        /// That differs from one rounding only if the first gives exactly the middle between two doubles; then
        /// nil.
        private var extended: Double? {
            guard abs(exponent) <= 27 else { return nil }
            let power = extendedPowers[abs(exponent)]
            let value = exponent < 0 ? Float80(mantissa) / power : Float80(mantissa) * power
            return value.significandBitPattern & 0x7FF == 0x400 ? nil : Double(value)
        }
    #endif
}

/// Reads `[+-]? [0-9]+`. A large exponent is cut to 10^9 in size, far beyond the range of doubles.
private func exponent(
    _ bytes: UnsafePointer<UInt8>, count: Int, _ i: inout Int
) -> Int? {
    var isNegative = false
    if i < count, bytes[i] == minus || bytes[i] == plus {
        isNegative = bytes[i] == minus
        i += 1
    }
    let start = i
    var exponent = 0
    while i < count, bytes[i] &- zero < 10 {
        exponent = min(exponent * 10 + Int(bytes[i] &- zero), 1_000_000_000)
        i += 1
    }
    guard i > start else { return nil }
    return isNegative ? -exponent : exponent
}

/// The number as the C library reads it, correctly rounded. The library needs a character after the numeral
/// that ends it; a numeral at the end of the file is copied to get one.
private func converted(_ start: UnsafePointer<UInt8>, length: Int, isLast: Bool) -> Double {
    func convert(_ start: UnsafePointer<UInt8>) -> Double {
        start.withMemoryRebound(to: CChar.self, capacity: length) { strtod($0, nil) }
    }
    guard isLast else { return convert(start) }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: length + 1) { copy in
        for i in 0..<length { copy.initializeElement(at: i, to: start[i]) }
        copy.initializeElement(at: length, to: 0)
        return convert(UnsafePointer(copy.baseAddress!))
    }
}

private func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
}

private let zero = UInt8(ascii: "0")
private let plus = UInt8(ascii: "+")
private let minus = UInt8(ascii: "-")
private let point = UInt8(ascii: ".")
private let letterE = UInt8(ascii: "e")
private let comma = UInt8(ascii: ",")
private let carriageReturn = UInt8(ascii: "\r")
private let lineFeed = UInt8(ascii: "\n")

/// 10^0 to 10^22
private let powers: [Double] = (0...22).map { (0..<$0).reduce(1) { power, _ in power * 10 } }
#if arch(x86_64)
    /// 10^0 to 10^27
    private let extendedPowers: [Float80] = (0...27).map {
        (0..<$0).reduce(1) { power, _ in power * 10 }
    }
#endif
