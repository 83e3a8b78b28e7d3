import Sweep

/// A task that has ended, as it goes into the store.
public struct Finished: Sendable {
    /// Who ended it.
    public struct Author: Hashable, Sendable {
        public var host: String
        public var pid: Int32
        /// Last digits follow from these two; empty where they aren't known.
        public var processorType: String
        public var blas: String
    }

    public var task: Int
    /// One for each wanted cell, in the order of their places. Of a task that failed they say why.
    public var rows: [Row]
    /// Nil if the task failed by crashing its workers.
    public var author: Author?
    /// Wall time of the solve; nil if the task failed.
    public var seconds: Double?
}
