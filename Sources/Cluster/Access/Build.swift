import Foundation

/// Which kdsweep this is. A coordinator and its workers must be of one build, so that a message means the
/// same to both, and all workers compute the same.
public enum Build {
    public static let version = "0.6.0"

    /// The version, and the build id, which the linker computes from the executable's content.
    public static let current = "\(version) (build \(identity() ?? "unknown"))"

    /// The first digits of the executable's build id; nil if it was linked without one. Reads its
    /// first page, where linkers put the notes.
    private static func identity() -> String? {
        guard let file = FileHandle(forReadingAtPath: "/proc/self/exe"),
            let data = try? file.read(upToCount: 8192)
        else { return nil }
        return data.withUnsafeBytes { identity(ofELF: $0) }
    }

    /// - Parameter file: the beginning of a 64-bit executable in this machine's byte order.
    static func identity(ofELF file: UnsafeRawBufferPointer) -> String? {
        guard file.count >= 64, file[..<4].elementsEqual([0x7f, 0x45, 0x4c, 0x46]) else {
            return nil
        }
        func value<Word: BinaryInteger>(_ type: Word.Type, at offset: Int) -> Int {
            Int(truncatingIfNeeded: file.loadUnaligned(fromByteOffset: offset, as: type))
        }
        let table = value(UInt64.self, at: 0x20)
        let (size, count) = (value(UInt16.self, at: 0x36), value(UInt16.self, at: 0x38))
        for header in (0..<count).map({ table + $0 * size }) where header + 0x28 <= file.count {
            let isNotes = value(UInt32.self, at: header) == 4
            let start = value(UInt64.self, at: header + 0x08)
            let end = start + value(UInt64.self, at: header + 0x20)
            guard isNotes, start <= end, end <= file.count else { continue }
            let notes = UnsafeRawBufferPointer(rebasing: file[start..<end])
            if let identity = identity(in: notes) { return identity }
        }
        return nil
    }

    /// A note is three words (the lengths of its name and its content, and its type), the name and
    /// the content, each filled up to four bytes.
    private static func identity(in notes: UnsafeRawBufferPointer) -> String? {
        var offset = 0
        while offset + 12 <= notes.count {
            let words = (0..<3).map {
                Int(notes.loadUnaligned(fromByteOffset: offset + 4 * $0, as: UInt32.self))
            }
            let name = offset + 12
            let content = name + (words[0] + 3) / 4 * 4
            let end = content + (words[1] + 3) / 4 * 4
            guard end <= notes.count else { return nil }
            let isBuildID =
                words[2] == 3 && notes[name..<name + words[0]].elementsEqual("GNU\0".utf8)
            if isBuildID {
                return notes[content..<content + words[1]].prefix(6)
                    .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            }
            offset = end
        }
        return nil
    }
}
