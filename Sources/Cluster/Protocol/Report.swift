import Scheduling
import Sweep
import SwiftProtobuf

/// What a worker says to the coordinator.
package enum Report: Hashable, Sendable {
    case hello(Hello)
    /// I'm alive, and have these tasks.
    case heartbeat(Holdings)
    /// I have begun the task. Here and below the digest says to which sweep the task belongs: the next
    /// coordinator may have another sweep, in which the number is another task's.
    case started(TaskID, of: String)
    case result(PackedRows)
    /// The mathematics threw; the reason is one line.
    case failure(TaskID, of: String, reason: String)
    /// I hand the task back unfinished, since I'm being shut down.
    case release(TaskID, of: String)
    case goodbye
    /// Send me a file's bytes from here on.
    case needData(DataNeed)
}

extension Report {
    /// The tasks that the report names, except a hello's, which may belong to another sweep.
    var tasks: [TaskID] {
        switch self {
        case .heartbeat(let holdings): holdings.held + holdings.finished
        case .started(let task, _), .failure(let task, _, _), .release(let task, _): [task]
        case .result(let rows): [rows.task]
        case .hello, .goodbye, .needData: []
        }
    }

    /// The digest of the sweep that the report's tasks belong to; nil if it names none, and of a hello.
    var sweepDigest: String? {
        switch self {
        case .heartbeat(let holdings): holdings.sweepDigest
        case .started(_, let digest), .failure(_, let digest, _), .release(_, let digest): digest
        case .result(let rows): rows.sweepDigest
        case .hello, .goodbye, .needData: nil
        }
    }
}

extension Report {
    package func encoded() -> [UInt8] {
        let kind: WireReport.OneOf_Kind =
            switch self {
            case .hello(let hello): .hello(hello.wire)
            case .heartbeat(let holdings): .heartbeat(holdings.wire)
            case .started(let task, let digest): .started(wireTask(task, of: digest))
            case .result(let rows): .result(rows.wire)
            case .failure(let task, let digest, let reason):
                .failure(
                    .with {
                        $0.task = UInt64(task)
                        $0.sweepDigest = digest
                        $0.reason = reason
                    })
            case .release(let task, let digest): .release(wireTask(task, of: digest))
            case .goodbye: .goodbye(WireNothing())
            case .needData(let need): .needData(need.wire)
            }
        return bytes(of: WireReport.with { $0.kind = kind })
    }

    package init(encoded: [UInt8]) throws(Malformed) {
        let message: WireReport = try decoded(encoded)
        switch message.kind {
        case .hello(let hello): self = .hello(try Hello(hello))
        case .heartbeat(let holdings): self = .heartbeat(try Holdings(holdings))
        case .started(let task): self = .started(try taskID(task.id), of: task.sweepDigest)
        case .result(let result): self = .result(try PackedRows(result))
        case .failure(let failure):
            self = .failure(
                try taskID(failure.task), of: failure.sweepDigest,
                reason: briefReason(failure.reason))
        case .release(let task): self = .release(try taskID(task.id), of: task.sweepDigest)
        case .goodbye: self = .goodbye
        case .needData(let need): self = .needData(try DataNeed(need))
        case nil: throw Malformed(description: "a message of no known kind")
        }
    }
}

private func wireTask(_ task: TaskID, of digest: String) -> WireSweepTask {
    .with {
        $0.id = UInt64(task)
        $0.sweepDigest = digest
    }
}
