import Foundation

/// A question in HTTP/1.1, as far as its head tells: what has a body isn't answered here.
struct Request: Hashable {
    var method: String
    /// Without its query, and as it came: no path here has anything to decode.
    var path: String
    /// The first value of each name, decoded.
    var query: [String: String]
    /// By name in small letters.
    var fields: [String: String]

    /// Why a head can't be read.
    enum Fault: Error, Hashable {
        case malformed
        /// Of a version other than 1.x.
        case version
    }

    /// - Parameter head: up to and without the empty line.
    init(head: some Sequence<UInt8>) throws(Fault) {
        let lines = String(decoding: Array(head), as: UTF8.self)
            .split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[0].allSatisfy({ $0.isASCII && $0.isLetter }),
            words[1].hasPrefix("/")
        else { throw .malformed }
        guard words[2].hasPrefix("HTTP/1.") else { throw .version }
        method = String(words[0])
        let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(target[0])
        query = [:]
        for pair in target.dropFirst().first?.split(separator: "&") ?? [] {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts[0].removingPercentEncoding,
                let value = (parts.dropFirst().first ?? "").removingPercentEncoding
            else { throw .malformed }
            if query[name] == nil { query[name] = value }
        }
        fields = [:]
        for line in lines.dropFirst() where !line.isEmpty {
            guard let colon = line.firstIndex(of: ":") else { throw .malformed }
            let name = line[..<colon].lowercased()
            if fields[name] == nil {
                fields[name] = line[line.index(after: colon)...]
                    .trimmingCharacters(in: .whitespaces)
            }
        }
    }

    /// What it shows to be let in: of its address, or of its head as programs do it.
    var token: String {
        if let token = query["token"] { return token }
        let words = (fields["authorization"] ?? "").split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "bearer" else { return "" }
        return String(words[1])
    }
}
