import Sweep

/// A task that has ended, or a part of it that has, as it goes into the store.
public struct Finished: Sendable {
    /// Who ended it.
    public struct Author: Hashable, Sendable {
        public var host: String
        public var pid: Int32
        /// Last digits follow from these two; empty where they aren't known.
        public var processorType: String
        public var blas: String
        /// BLAS threads, from which they follow too; 0 where nothing was computed.
        public var threads = 0
    }

    public var task: Int
    /// One for each wanted cell, in the order of their places. Of a task that failed they say why.
    public var rows: [Row]
    /// Whether cells of the task are left that are wanted still: it was given before they were, to a
    /// worker of an earlier coordinator.
    public var isPart = false
    /// Nil if the task failed by crashing its workers.
    public var author: Author?
    /// Wall time of the solve; nil if the task failed.
    public var seconds: Double?
}
