import Sweep

/// A task that has ended, or a part of one whose other cells are still wanted, as it goes into the store.
public struct Finished: Sendable {
    /// The worker that ended it.
    public struct Author: Hashable, Sendable {
        public var host: String
        public var pid: Int32
        /// With `blas` and `threads`, what the results' last digits depend on; empty if not known.
        public var processorType: String
        public var blas: String
        /// BLAS threads; 0 if nothing was computed.
        public var threads = 0
    }

    public var task: Int
    /// One for each wanted cell, in the order of their places. The rows of a failed task say why.
    public var rows: [Row]
    /// Whether other cells of the task are still wanted: an earlier coordinator, which wanted fewer, gave
    /// the task to this worker.
    public var isPart = false
    /// Nil if the task failed by crashing its workers.
    public var author: Author?
    /// Wall time of the solve; nil if the task failed.
    public var seconds: Double?
}
