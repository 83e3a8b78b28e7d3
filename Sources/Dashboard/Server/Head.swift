import Foundation

/// The head of an HTTP request, as far as it has come.
enum Head: Hashable {
    case partial
    /// The request is refused with this status.
    case tooLong(String)
    /// The head that the server is sent. It is changed so that the connection has no other request, and the
    /// request no body.
    case whole([UInt8])

    /// Reads the bytes that have come. O(bytes), of which there are `Porter.longestHead` at most.
    init(_ bytes: [UInt8]) {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        while let end = Self.newline(in: bytes, from: start) {
            var line = bytes[start..<end]
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if line.count > Porter.longestLine { break }
            start = end + 1
            if line.isEmpty, !lines.isEmpty {
                self = .whole(Self.question(lines))
                return
            }
            // HTTP allows empty lines before a request; they are skipped.
            if !line.isEmpty { lines.append(line) }
        }
        if bytes.count - start > Porter.longestLine, lines.isEmpty {
            self = .tooLong("414 URI Too Long")
        } else if bytes.count > Porter.longestHead || bytes.count - start > Porter.longestLine {
            self = .tooLong("431 Request Header Fields Too Large")
        } else {
            self = .partial
        }
    }

    /// Where the next line ends; nil if its end hasn't come yet.
    private static func newline(in bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBytes { bytes in
            guard start < bytes.count, let base = bytes.baseAddress else { return nil }
            return memchr(base + start, 0x0A, bytes.count - start).map {
                $0 - UnsafeMutableRawPointer(mutating: base)
            }
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
