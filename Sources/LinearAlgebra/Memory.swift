import Glibc
import Synchronization

/// The memory of a matrix. Large pieces are kept for the next matrix of their size: the kernel clears
/// each page that it hands out, which takes as long as a fifth of a solve, and the tasks of a sweep need
/// the same sizes over and over.
///
/// In all, pieces in use and kept ones take no more than was ever in use at once, plus `slack`; the piece
/// that has been kept longest is freed first. Thread-safe. Sendable, as a piece has one owner.
struct Memory: @unchecked Sendable {
    /// Where it begins, aligned.
    let start: UnsafeMutableRawPointer
    /// Where what was allocated begins.
    private let block: UnsafeMutableRawPointer
    private let bytes: Int

    /// Bytes. Room for the small matrices of a solve's end while the large ones of its beginning are kept.
    static let slack = 64 << 20
    private static let hugePage = 2 << 20
    private static let books = Mutex(Books())

    private struct Books: Sendable {
        /// In the order in which they were given back.
        var kept: [Memory] = []
        /// Bytes of the pieces in use, of these and the kept ones, and the most that were in use so far.
        var used = 0
        var held = 0
        var mostUsed = 0

        /// A kept piece of this size; or nil, and the kept pieces to free before a new one is made.
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
        guard bytes >= 2 * hugePage else { return Memory(allocating: bytes, alignment: 64) }
        let (found, surplus) = books.withLock { $0.take(bytes: bytes) }
        if let found { return found }
        for memory in surplus { free(memory.block) }
        let memory = Memory(allocating: bytes, alignment: hugePage)
        // The faults of small pages would take a tenth of a solve. The kernel may ignore this advice.
        madvise(memory.start, bytes, MADV_HUGEPAGE)
        return memory
    }

    /// Aligned by hand: glibc's aligned allocations (before 2.38) don't find what such an allocation has freed,
    /// and a process that makes the same few matrices again and again grows by hundreds of megabytes.
    private init(allocating bytes: Int, alignment: Int) {
        guard let block = malloc(bytes + alignment) else { Self.giveUp(bytes) }
        self.block = block
        start = UnsafeMutableRawPointer(
            bitPattern: (UInt(bitPattern: block) + UInt(alignment) - 1) & ~(UInt(alignment) - 1))!
        self.bytes = bytes
    }

    /// Ends the process as the runtime does where it gets no memory: a coordinator tells by the signal.
    private static func giveUp(_ bytes: Int) -> Never {
        let message = Array("kdsweep: there is no memory for a matrix of \(bytes) bytes\n".utf8)
        _ = write(STDERR_FILENO, message, message.count)
        abort()
    }

    /// Frees the piece, or keeps it for the next matrix of its size. The owner must not use it afterwards.
    func giveBack() {
        guard bytes >= 2 * Self.hugePage else { return free(block) }
        Self.books.withLock { books in
            books.used -= bytes
            books.kept.append(self)
        }
    }

    /// Bytes of the large pieces that are in use or kept, and the most that were in use at once so far.
    static var totals: (held: Int, mostUsed: Int) { books.withLock { ($0.held, $0.mostUsed) } }
}
