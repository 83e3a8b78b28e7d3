import Glibc
import Synchronization

/// The memory of a matrix. Large pieces are kept for the next matrix of their size: the kernel clears
/// each page that it hands out, which takes as long as a fifth of a solve, and the tasks of a sweep need
/// the same sizes over and over.
///
/// No more is held than was ever in use at once, and `slack`; what has been kept longest goes first.
/// Thread-safe. Sendable, as a piece has one owner.
struct Memory: @unchecked Sendable {
    let start: UnsafeMutableRawPointer
    private let bytes: Int

    /// For the small pieces of a solve's end, beside the large ones of its beginning.
    static let slack = 64 << 20
    private static let hugePage = 2 << 20
    private static let books = Mutex(Books())

    private struct Books: Sendable {
        /// The one given back last at the end.
        var kept: [Memory] = []
        /// Bytes: of pieces in use, of those and the kept ones, and in use at most so far.
        var used = 0
        var held = 0
        var mostUsed = 0

        /// A kept piece, or which ones to free before a new one is made.
        mutating func take(bytes: Int) -> (found: Memory?, surplus: [Memory]) {
            used += bytes
            mostUsed = max(mostUsed, used)
            if let index = kept.lastIndex(where: { $0.bytes == bytes }) {
                return (kept.remove(at: index), [])
            }
            held += bytes
            var surplus: [Memory] = []
            while held > mostUsed + Memory.slack, !kept.isEmpty {
                surplus.append(kept.removeFirst())
                held -= surplus.last!.bytes
            }
            return (nil, surplus)
        }
    }

    /// Memory that isn't set, aligned to a cache line at least.
    static func take(bytes: Int) -> Memory {
        guard bytes >= 2 * hugePage else {
            return Memory(start: .allocate(byteCount: bytes, alignment: 64), bytes: bytes)
        }
        let (found, surplus) = books.withLock { $0.take(bytes: bytes) }
        if let found { return found }
        for memory in surplus { memory.start.deallocate() }
        let start = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: hugePage)
        // Huge pages: faults of small ones take a tenth of a solve. The kernel may ignore this advice.
        madvise(start, bytes, MADV_HUGEPAGE)
        return Memory(start: start, bytes: bytes)
    }

    /// The owner's last word.
    func giveBack() {
        guard bytes >= 2 * Self.hugePage else { return start.deallocate() }
        Self.books.withLock { books in
            books.used -= bytes
            books.kept.append(self)
        }
    }

    /// Bytes of large pieces that are in use or kept, and that were in use at most so far.
    static var totals: (held: Int, mostUsed: Int) { books.withLock { ($0.held, $0.mostUsed) } }
}
