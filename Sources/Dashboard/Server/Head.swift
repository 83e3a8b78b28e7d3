import Foundation

/// The head of an HTTP request, as far as it has come.
enum Head: Hashable {
    case partial
    /// The request is refused with this status.
    case tooLong(String)
    /// The head that the server is sent. It is changed so that the connection has no other request, and the
    /// request no body.
    case whole([UInt8])

    /// Reads the bytes that have come. O(bytes), of which there are little more than `Porter.longestHead`. Only
    /// whole heads are split into lines: those without an end are refused at the price of a few searches.
    init(_ bytes: [UInt8]) {
        // HTTP allows empty lines before a request; they are skipped.
        let head = bytes.drop { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }
        let end = ["\n\r\n", "\n\n"].compactMap { Self.place(of: $0, in: head) }.min()
        if (Self.place(of: "\n", in: head) ?? head.count) > Porter.longestLine {
            self = .tooLong("414 URI Too Long")
        } else if let end, end <= Porter.longestHead {
            let lines = Self.lines(of: head.prefix(end))
            let isShort = lines.allSatisfy { $0.count <= Porter.longestLine }
            self = isShort ? .whole(Self.question(lines)) : Self.tooManyBytes
        } else {
            let isLong =
                bytes.count > Porter.longestHead || Self.lastLine(of: head) > Porter.longestLine
            self = isLong ? Self.tooManyBytes : .partial
        }
    }

    private static let tooManyBytes = tooLong("431 Request Header Fields Too Large")

    /// How many bytes stand before the first occurrence of a text; nil if there is none before a zero byte,
    /// which no head has.
    private static func place(of text: String, in bytes: ArraySlice<UInt8>) -> Int? {
        (bytes + [0]).withUnsafeBytes { bytes in
            let start = bytes.baseAddress!.assumingMemoryBound(to: CChar.self)
            return strstr(start, text).map { UnsafePointer($0) - start }
        }
    }

    /// The bytes of the line that has no end yet.
    private static func lastLine(of head: ArraySlice<UInt8>) -> Int {
        head.count - (head.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 - head.startIndex } ?? 0)
    }

    private static func lines(of head: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        head.split(separator: UInt8(ascii: "\n")).map { line in
            line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        }
    }

    private static let dropped = [
        "connection", "keep-alive", "content-length", "transfer-encoding", "expect", "upgrade",
    ]

    private static func question(_ lines: [ArraySlice<UInt8>]) -> [UInt8] {
        let end = Array("\r\n".utf8)
        let kept = lines.dropFirst().filter { line in
            let name = String(decoding: line.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
            return !dropped.contains(name.lowercased())
        }
        return ([lines[0]] + kept).flatMap { $0 + end } + Array("Connection: close\r\n\r\n".utf8)
    }
}
