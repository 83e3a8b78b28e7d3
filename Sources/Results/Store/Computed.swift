import Foundation
import Sweep

/// What one task gave: its rows, and who computed them, when and how long it took.
public struct Computed: Sendable {
    /// The task's position in the sweep's list; a slice of a block is a task of its own.
    public var task: Int
    public var rows: [Row]
    public var host: String
    public var pid: Int
    /// The last digits follow from these two; empty where they aren't known.
    public var processorType: String
    public var blas: String
    /// BLAS threads, from which they follow too; 0 where they aren't known.
    public var threads: Int
    public var finishedAt: Date
    /// From the start of the computation to its end, on the worker.
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
