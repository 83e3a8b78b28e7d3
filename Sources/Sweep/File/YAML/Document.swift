import Yams

/// A sweep file's one YAML document: nodes that know their lines.
struct Document {
    let root: Node
    let faults: FaultList
    /// The names of repeated keys, by the stand-ins under which all but their last appearance were read.
    private let repeatedKeys: [String: String]

    /// Nil, and a fault, if the text is not one YAML document.
    init?(_ text: String, faults: FaultList) {
        // libyaml counts a byte order mark as a column.
        var text = text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
        var repeatedKeys: [String: String] = [:]
        while true {
            do {
                guard let root = try Yams.compose(yaml: text) else {
                    faults.add(
                        line: nil, "the file is empty",
                        "give at least task, oracle_samples, test_samples and grid")
                    return nil
                }
                self.root = root
                self.faults = faults
                self.repeatedKeys = repeatedKeys
                return
            } catch YamlError.duplicatedKeysInMapping(let names, let context) {
                // Yams stops at a repeated key, but the rest of the text may have other faults. So the key's
                // first appearance is renamed to a stand-in, and the text is read again.
                let name = names.first ?? ""
                guard let standIn = rename(name, at: context.mark, in: &text) else {
                    faults.add(
                        line: context.mark.line, key: name, "the key is repeated",
                        "keep one of them")
                    return nil
                }
                repeatedKeys[standIn] = name
            } catch {
                faults.add(syntaxError: error, in: text)
                return nil
            }
        }
    }

    /// A key's name in the file, also if the tree has a stand-in for it.
    func name(ofKey key: Node) -> String? {
        guard case .scalar(let scalar) = key else { return nil }
        return repeatedKeys[scalar.string] ?? scalar.string
    }
}

/// Replaces a key in the text by a stand-in of the same length, made of a private-use character that the text
/// doesn't have, and returns the stand-in. Nil if the key isn't spelled out there, or no such character is
/// left.
private func rename(_ name: String, at mark: Mark, in text: inout String) -> String? {
    let scalars = text.unicodeScalars
    let length = name.unicodeScalars.count
    guard length > 0, var start = position(of: mark, in: scalars) else { return nil }
    if scalars[start...].first == "\"" || scalars[start...].first == "'" {
        start = scalars.index(after: start)
    }
    guard let end = scalars.index(start, offsetBy: length, limitedBy: scalars.endIndex),
        scalars[start..<end].elementsEqual(name.unicodeScalars),
        let unused = (0xE000...0xF8FF).lazy.compactMap(Unicode.Scalar.init)
            .first(where: { !scalars.contains($0) })
    else { return nil }
    let standIn = String(repeating: Character(unused), count: length)
    text.unicodeScalars.replaceSubrange(start..<end, with: standIn.unicodeScalars)
    return standIn
}

private func position(
    of mark: Mark, in text: String.UnicodeScalarView
) -> String.UnicodeScalarView.Index? {
    var line = 1
    var index = text.startIndex
    while line < mark.line {
        guard index < text.endIndex else { return nil }
        let scalar = text[index]
        index = text.index(after: index)
        if scalar == "\r", index < text.endIndex, text[index] == "\n" { continue }
        if lineBreaks.contains(scalar) { line += 1 }
    }
    return text.index(index, offsetBy: mark.column - 1, limitedBy: text.endIndex)
        .flatMap { $0 < text.endIndex ? $0 : nil }
}

/// The characters that end a line for libyaml.
private let lineBreaks: Set<Unicode.Scalar> = ["\r", "\n", "\u{85}", "\u{2028}", "\u{2029}"]

extension FaultList {
    fileprivate func add(syntaxError error: any Error, in text: String) {
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _):
            let setting = context.map { " \($0.text) that begins on line \($0.mark.line)" } ?? ""
            add(
                line: mark.line, "this is not YAML: \(problem) at column \(mark.column)\(setting)",
                remedy(at: mark, in: text))
        case YamlError.composer(_, let problem, let mark, _):
            if problem.contains("another document") {
                add(
                    line: mark.line, "a second document begins", "give each sweep a file of its own"
                )
            } else {
                add(
                    line: mark.line, "\(problem) at column \(mark.column)",
                    "set the anchor (&name) before its alias (*name)")
            }
        case YamlError.reader(let problem, let offset, _, _):
            let line = offset.map { text.prefix($0).count(where: \.isNewline) + 1 }
            add(line: line, "this is not YAML: \(problem)", "save the file as plain UTF-8 text")
        default:
            add(line: nil, "this is not YAML: \(error)", "give one YAML document")
        }
    }

    private func remedy(at mark: Mark, in text: String) -> String {
        let line =
            text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .dropFirst(mark.line - 1).first ?? ""
        return line.prefix { $0.isWhitespace }.contains("\t")
            ? "indent with spaces, not with tabs"
            : "look for a wrong indentation, or a bracket, quote or comma too many or too few"
    }
}
