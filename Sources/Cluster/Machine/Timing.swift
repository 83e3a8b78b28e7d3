/// How often coordinator and worker send heartbeats, and how long each waits for the other's.
public struct Timing: Hashable, Sendable {
    /// The time between two heartbeats, in both directions.
    public var heartbeat: Duration
    /// After this long without a message the coordinator gives a worker's tasks to others, and a worker
    /// connects anew. Several heartbeats.
    public var silence: Duration

    public init(heartbeat: Duration = .seconds(1), silence: Duration = .seconds(10)) {
        precondition(heartbeat > .zero && silence > heartbeat, "silence is longer than a heartbeat")
        self.heartbeat = heartbeat
        self.silence = silence
    }
}
