import Foundation
import Sweep

/// A worker's request for the next bytes of a file that the sweep names.
package struct DataNeed: Hashable, Sendable {
    /// SHA-256 (hexadecimal) of the whole.
    package var digest: String
    /// How many bytes the worker has.
    package var offset: Int

    package init(digest: String, offset: Int) {
        self.digest = digest
        self.offset = offset
    }
}

/// Some bytes of a file that the sweep names.
package struct DataChunk: Hashable, Sendable {
    /// SHA-256 (hexadecimal) of the whole.
    package var digest: String
    package var offset: Int
    /// Size of the whole.
    package var total: Int
    /// Never empty.
    package var bytes: Data

    /// Bytes of a chunk: so few that on a slow link the heartbeats behind it aren't late, that a message
    /// stays far below its limit, and that the coordinator's loop isn't held up.
    package static let size = 1 << 20

    package init(digest: String, offset: Int, total: Int, bytes: Data) {
        self.digest = digest
        self.offset = offset
        self.total = total
        self.bytes = bytes
    }
}

/// A file's bytes as they arrive at a worker.
struct Delivery: Sendable {
    /// SHA-256 (hexadecimal) of the table.
    let digest: String
    private(set) var bytes = Data()

    /// What a chunk has brought.
    enum Progress {
        /// Nothing: the chunk doesn't begin where the bytes so far end, or is of another table.
        case none
        case more
        case complete
        /// All are there, and are not those that were awaited.
        case wrong
    }

    init(of digest: String) { self.digest = digest }

    /// The request for the next bytes.
    var need: DataNeed { DataNeed(digest: digest, offset: bytes.count) }

    /// Costs a copy of the chunk; the last one a SHA-256 of the whole.
    mutating func add(_ chunk: DataChunk) -> Progress {
        guard chunk.digest == digest, chunk.offset == bytes.count else { return .none }
        bytes.append(chunk.bytes)
        guard bytes.count >= chunk.total else { return .more }
        return sha256(bytes) == digest ? .complete : .wrong
    }
}

extension DataNeed {
    var wire: WireDataNeed {
        .with {
            $0.digest = digest
            $0.offset = UInt64(offset)
        }
    }

    init(_ wire: WireDataNeed) throws(Malformed) {
        guard let offset = Int(exactly: wire.offset) else {
            throw Malformed(description: "bytes from \(wire.offset) on")
        }
        self.init(digest: wire.digest, offset: offset)
    }
}

extension DataChunk {
    var wire: WireDataChunk {
        .with {
            $0.digest = digest
            $0.offset = UInt64(offset)
            $0.total = UInt64(total)
            $0.bytes = bytes
        }
    }

    init(_ wire: WireDataChunk) throws(Malformed) {
        guard let total = Int(exactly: wire.total), wire.offset <= wire.total,
            !wire.bytes.isEmpty, wire.bytes.count <= total - Int(wire.offset)
        else {
            throw Malformed(
                description: "\(wire.bytes.count) bytes from \(wire.offset) on of \(wire.total)")
        }
        self.init(
            digest: wire.digest, offset: Int(wire.offset), total: total, bytes: wire.bytes)
    }
}
