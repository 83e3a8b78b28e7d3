/// Makes one harmless line of a text from elsewhere, for logs, CSV fields and terminals. Line breaks, which
/// would break up logs and fields, become semicolons. Control characters, and those that turn the direction of
/// writing, could change what a terminal shows or end a text early: each becomes a visible mark.
package func oneLine(_ text: String) -> String {
    let line = text.split { $0.isNewline }.joined(separator: "; ")
    guard line.unicodeScalars.contains(where: isUnprintable) else { return line }
    var plain = String.UnicodeScalarView()
    for scalar in line.unicodeScalars {
        plain.append(scalar == "\t" ? " " : isUnprintable(scalar) ? "\u{FFFD}" : scalar)
    }
    return String(plain)
}

func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
    default: false
    }
}
