import Foundation
import Sweep

/// A task's rows, and which worker computed them, when and how long it took.
public struct Computed: Sendable {
    /// The task's position in the sweep's list; a slice of a block is a task of its own.
    public var task: Int
    public var rows: [Row]
    public var host: String
    public var pid: Int
    /// With `blas` and `threads`, what the rows' last digits depend on; empty if not known.
    public var processorType: String
    public var blas: String
    /// BLAS threads; 0 if not known.
    public var threads: Int
    public var finishedAt: Date
    /// How long the computation took on the worker.
    public var seconds: Double

    public init(
        task: Int, rows: [Row], host: String, pid: Int, processorType: String = "",
        blas: String = "", threads: Int = 0, finishedAt: Date, seconds: Double
    ) {
        self.task = task
        self.rows = rows
        self.host = host
        self.pid = pid
        self.processorType = processorType
        self.blas = blas
        self.threads = threads
        self.finishedAt = finishedAt
        self.seconds = seconds
    }
}
