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

/// What has happened, as the coordinator's loop tells it to the scheduler.
public enum Event: Hashable, Sendable {
    /// A worker said hello: for the first time, or again after a cut. It still holds `held`, tasks
    /// of this sweep that it was given and has not finished; results that it has kept arrive as
    /// `finished` of their own. It is given nothing beyond its `limits`.
    case joined(WorkerID, held: [TaskID], limits: Limits = Limits())
    /// Any well-formed message came from a worker; it is alive.
    case heard(WorkerID)
    case started(TaskID, by: WorkerID)
    /// A well-formed result came. It counts unless the task `hasEnded` before, and isn't stored yet.
    case finished(TaskID, by: WorkerID)
    /// The mathematics threw: the same error is to be expected anywhere.
    case failed(TaskID, by: WorkerID, reason: String)
    /// The worker hands the task back unfinished, since it is being shut down.
    case released(TaskID, by: WorkerID)
    /// The worker doesn't hold the task any more, and brings no result: something was lost on the way.
    case dropped(TaskID, by: WorkerID)
    /// The worker ended in order: it holds nothing any more.
    case left(WorkerID)
    /// The worker's process is known to have died.
    case died(WorkerID, reason: String)
    /// Time has passed: the scheduler looks which workers have been silent for too long.
    case ticked
}
