/// One worker's turn at a task.
enum Lease: Hashable, Sendable {
    case queued
    case running(since: Duration)
}
