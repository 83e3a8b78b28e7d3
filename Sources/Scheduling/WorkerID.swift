/// A task's position in the sweep's list.
public typealias TaskID = Int

/// A worker's random 128-bit name, the same through all its reconnections.
public struct WorkerID: Hashable, Sendable, Comparable, CustomStringConvertible {
    public var high: UInt64
    public var low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    public static func < (a: WorkerID, b: WorkerID) -> Bool { (a.high, a.low) < (b.high, b.low) }

    /// Eight hexadecimal digits: enough to tell a run's workers apart in a log.
    public var description: String {
        let text = String(high >> 32, radix: 16)
        return String(repeating: "0", count: 8 - text.count) + text
    }
}
