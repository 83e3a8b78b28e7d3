import Dispatch

/// How many threads a worker may keep busy, in BLAS calls and in elementwise passes alike.
public struct Threads: Sendable {
    public let count: Int

    public init(_ count: Int) {
        precondition(count >= 1, "\(count) threads")
        self.count = count
    }

    /// Calls `body` once for each index below `count`; thread t takes t, t + threads, and so on, so
    /// that work that grows or shrinks with the index is shared evenly.
    ///
    /// Results must not depend on which thread runs which index.
    public func forEach(below count: Int, _ body: @Sendable (Int) -> Void) {
        _ = shares(below: count) { for index in $0 { body(index) } }
    }

    /// The results of `body` for each thread's share of the indices below `count`, shared out as above.
    public func shares<Result: Sendable>(
        below count: Int, _ body: @Sendable (StrideTo<Int>) -> Result
    ) -> [Result] {
        let threads = min(self.count, count)
        @Sendable func share(_ thread: Int) -> StrideTo<Int> {
            stride(from: thread, to: count, by: threads)
        }
        guard threads > 1 else { return count > 0 ? [body(share(0))] : [] }
        return [Result](unsafeUninitializedCapacity: threads) { buffer, initialized in
            nonisolated(unsafe) let results = buffer.baseAddress!
            DispatchQueue.concurrentPerform(iterations: threads) { thread in
                (results + thread).initialize(to: body(share(thread)))
            }
            initialized = threads
        }
    }
}
