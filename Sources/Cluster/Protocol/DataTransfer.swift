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
