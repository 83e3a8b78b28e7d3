/// What a plain YAML scalar means under the core schema of YAML 1.2 (section 10.3.2).
///
/// Yams resolves scalars as YAML 1.1 does, where `1e3` is text, `010` is eight and `yes` is true, so
/// only its tree is used and its scalars are resolved here.
package enum CoreScalar: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    /// A finite number.
    case real(Double)
    /// A number that a double can't hold: too large, or too small to differ from 0.
    case unrepresentable
    /// `.inf`, `-.inf` or `.nan`
    case notFinite
    case text

    package init(plain text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE": self = .boolean(true)
        case "false", "False", "FALSE": self = .boolean(false)
        case ".nan", ".NaN", ".NAN": self = .notFinite
        default: self = Self(numeral: text)
        }
    }

    private init(numeral text: String) {
        var unsigned = Substring(text)
        if text.hasPrefix("+") || text.hasPrefix("-") { unsigned.removeFirst() }
        if [".inf", ".Inf", ".INF"].contains(unsigned) {
            self = .notFinite
        } else if text.hasPrefix("0x") {
            self = Self(digits: text.dropFirst(2), radix: 16)
        } else if text.hasPrefix("0o") {
            self = Self(digits: text.dropFirst(2), radix: 8)
        } else if let integer = Int(text), unsigned.utf8.allSatisfy(isDigit) {
            self = .integer(integer)
        } else if let number = Double(decimal: text) {
            let isZero = !text.prefix { $0 != "e" && $0 != "E" }.contains {
                "123456789".contains($0)
            }
            self = number.isFinite && (number != 0 || isZero) ? .real(number) : .unrepresentable
        } else {
            self = .text
        }
    }

    private init(digits: Substring, radix: Int) {
        let values = digits.map { $0.isASCII ? $0.hexDigitValue ?? radix : radix }
        guard !values.isEmpty, values.allSatisfy({ $0 < radix }) else {
            self = .text
            return
        }
        if let integer = Int(digits, radix: radix) {
            self = .integer(integer)
        } else {
            let number = values.reduce(0.0) { $0 * Double(radix) + Double($1) }
            self = number.isFinite ? .real(number) : .unrepresentable
        }
    }
}

extension Double {
    /// The number of a decimal numeral, `[-+]? ( .[0-9]+ | [0-9]+ (.[0-9]*)? ) ([eE] [-+]? [0-9]+)?`;
    /// infinite if it is too large; nil for any other text.
    ///
    /// `Double(text)` alone would also take `nan`, `infinity` and `0x1p3`.
    init?(decimal text: String) {
        var mayHaveSign = true
        var hasDigits = false
        var hasPoint = false
        var hasExponent = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): hasDigits = true
            case UInt8(ascii: "+") where mayHaveSign, UInt8(ascii: "-") where mayHaveSign: break
            case UInt8(ascii: ".") where !hasPoint && !hasExponent: hasPoint = true
            case UInt8(ascii: "e") where hasDigits && !hasExponent,
                UInt8(ascii: "E") where hasDigits && !hasExponent:
                hasExponent = true
                hasDigits = false
                mayHaveSign = true
                continue
            default: return nil
            }
            mayHaveSign = false
        }
        guard hasDigits else { return nil }
        self.init(text)
    }
}

private func isDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "0") <= byte && byte <= UInt8(ascii: "9")
}
