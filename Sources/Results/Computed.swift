import Foundation
import Sweep

/// What one task gave: its rows, and who computed them, when and how long it took.
public struct Computed: Sendable {
    /// The task's position in the sweep's list; a slice of a block is a task of its own.
    public var block: Int
    public var rows: [Row]
    public var host: String
    public var pid: Int
    public var finishedAt: Date
    /// From the start of the computation to its end, on the worker.
    public var seconds: Double

    public init(
        block: Int, rows: [Row], host: String, pid: Int, finishedAt: Date, seconds: Double
    ) {
        self.block = block
        self.rows = rows
        self.host = host
        self.pid = pid
        self.finishedAt = finishedAt
        self.seconds = seconds
    }
}
