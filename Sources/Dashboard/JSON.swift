import Foundation

/// JSON in one line. A number that isn't finite becomes a string, which the page takes for no value.
func json(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
    do { return Array(try encoder.encode(value)) } catch {
        preconditionFailure("numbers and texts can be encoded: \(error)")
    }
}
