import Glibc
import Synchronization

/// The memory of a matrix. Large pieces are kept for later matrices: the kernel clears each page that it
/// hands out, which takes as long as a fifth of a solve, and the tasks of a sweep need the same sizes
/// over and over.
///
/// A matrix gets the smallest piece that fits, if it isn't more than four times as large. If there is
/// none, all that is kept is given back first, so that no more is held than was in use at once.
/// Thread-safe. Sendable, as a piece has one owner.
struct Memory: @unchecked Sendable {
    let start: UnsafeMutableRawPointer
    /// At least as many as were asked for.
    private let bytes: Int

    private static let hugePage = 2 << 20
    private static let kept = Mutex<[Memory]>([])

    /// Memory that isn't set, aligned to a cache line at least.
    static func take(bytes: Int) -> Memory {
        guard bytes >= 2 * hugePage else {
            return Memory(start: .allocate(byteCount: bytes, alignment: 64), bytes: bytes)
        }
        let (found, unfit) = kept.withLock { kept -> (Memory?, [Memory]) in
            let best = kept.indices
                .filter { kept[$0].fits(bytes) }
                .min { kept[$0].bytes < kept[$1].bytes }
            if let best { return (kept.remove(at: best), []) }
            defer { kept = [] }
            return (nil, kept)
        }
        if let found { return found }
        for memory in unfit { memory.start.deallocate() }
        let start = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: hugePage)
        // Otherwise a tenth of a solve goes into faults of small pages. Only advice: it may fail.
        madvise(start, bytes, MADV_HUGEPAGE)
        return Memory(start: start, bytes: bytes)
    }

    /// Whether it may serve who asks for so many bytes.
    func fits(_ request: Int) -> Bool { request <= bytes && bytes <= 4 * request }

    /// The owner's last word.
    func giveBack() {
        guard bytes >= 2 * Self.hugePage else { return start.deallocate() }
        Self.kept.withLock { $0.append(self) }
    }
}
