import Glibc
import Synchronization

/// The memory of matrices. Large pieces are kept for the next matrix of the same size: the kernel
/// clears each page that it hands out, which takes as long as a fifth of a solve, and the tasks of a
/// sweep need the same sizes over and over.
///
/// A size that isn't there gives back all that is kept, so that no more is ever held than was in use
/// at once. Thread-safe.
enum Memory {
    private static let hugePage = 2 << 20
    /// By size in bytes.
    private static let kept = Mutex<[Int: [Piece]]>([:])

    /// Sendable, as nobody else knows of it.
    private struct Piece: @unchecked Sendable {
        let start: UnsafeMutableRawPointer
    }

    private static func isLarge(_ bytes: Int) -> Bool { bytes >= 2 * hugePage }

    /// Memory that isn't set, aligned to a cache line at least.
    static func take(bytes: Int) -> UnsafeMutableRawPointer {
        guard isLarge(bytes) else { return .allocate(byteCount: bytes, alignment: 64) }
        let (found, unfit) = kept.withLock { kept -> (Piece?, [Piece]) in
            if let piece = kept[bytes]?.popLast() { return (piece, []) }
            defer { kept = [:] }
            return (nil, kept.values.flatMap { $0 })
        }
        if let found { return found.start }
        for piece in unfit { piece.start.deallocate() }
        let start = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: hugePage)
        // Otherwise a tenth of a solve goes into faults of small pages. Only advice: it may fail.
        madvise(start, bytes, MADV_HUGEPAGE)
        return start
    }

    /// - Parameter bytes: as it was taken with.
    static func give(_ start: UnsafeMutableRawPointer, bytes: Int) {
        guard isLarge(bytes) else { return start.deallocate() }
        let piece = Piece(start: start)
        kept.withLock { $0[bytes, default: []].append(piece) }
    }
}
