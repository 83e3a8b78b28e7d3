import Dispatch

/// How many threads a worker may keep busy; elementwise passes share them out as BLAS does.
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
        let threads = min(self.count, count)
        guard threads > 1 else {
            for index in 0..<count { body(index) }
            return
        }
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            for index in stride(from: thread, to: count, by: threads) { body(index) }
        }
    }
}
