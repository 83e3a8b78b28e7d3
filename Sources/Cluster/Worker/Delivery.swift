import Foundation
import Sweep

/// A file's bytes as they arrive at a worker.
struct Delivery: Sendable {
    /// SHA-256 (hexadecimal) of the whole file.
    let digest: String
    private(set) var bytes = Data()

    /// What a chunk has brought.
    enum Progress {
        /// Nothing: the chunk doesn't begin where the bytes so far end, or is of another file.
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
