import Scheduling
import SwiftProtobuf

/// What a worker says to the coordinator.
package enum Report: Hashable, Sendable {
    case hello(Hello)
    /// I'm alive, and hold these tasks.
    case heartbeat(held: [TaskID])
    case started(TaskID)
    case result(PackedRows)
    /// The mathematics threw; the reason is one line.
    case failure(TaskID, reason: String)
    /// I hand the task back unfinished, since I'm being shut down.
    case release(TaskID)
    case goodbye
    /// Send me the table's bytes from here on.
    case needData(DataNeed)
}

extension Report {
    /// Those that it speaks of, but for a hello's, which may be of another sweep.
    var tasks: [TaskID] {
        switch self {
        case .heartbeat(let held): held
        case .started(let task), .failure(let task, _), .release(let task): [task]
        case .result(let rows): [rows.task]
        case .hello, .goodbye, .needData: []
        }
    }
}

/// Bytes that no worker or coordinator of this version would send.
package struct Malformed: Error, Hashable, CustomStringConvertible {
    package var description: String
}

extension Report {
    package func encoded() -> [UInt8] {
        let kind: WireReport.OneOf_Kind =
            switch self {
            case .hello(let hello): .hello(hello.wire)
            case .heartbeat(let held): .heartbeat(.with { $0.tasks = held.map(UInt64.init) })
            case .started(let task): .started(.with { $0.id = UInt64(task) })
            case .result(let rows): .result(rows.wire)
            case .failure(let task, let reason):
                .failure(
                    .with {
                        $0.task = UInt64(task)
                        $0.reason = reason
                    })
            case .release(let task): .release(.with { $0.id = UInt64(task) })
            case .goodbye: .goodbye(WireNothing())
            case .needData(let need): .needData(need.wire)
            }
        return bytes(of: WireReport.with { $0.kind = kind })
    }

    package init(encoded: [UInt8]) throws(Malformed) {
        let message: WireReport = try decoded(encoded)
        switch message.kind {
        case .hello(let hello): self = .hello(try Hello(hello))
        case .heartbeat(let held): self = .heartbeat(held: try taskIDs(held.tasks))
        case .started(let task): self = .started(try taskID(task.id))
        case .result(let result): self = .result(try PackedRows(result))
        case .failure(let failure):
            self = .failure(try taskID(failure.task), reason: oneLine(failure.reason))
        case .release(let task): self = .release(try taskID(task.id))
        case .goodbye: self = .goodbye
        case .needData(let need): self = .needData(try DataNeed(need))
        case nil: throw Malformed(description: "a message of no known kind")
        }
    }
}

func bytes(of message: some Message) -> [UInt8] {
    do { return try message.serializedBytes() } catch {
        preconditionFailure("a message without required fields encodes: \(error)")
    }
}

func decoded<M: Message>(_ encoded: [UInt8]) throws(Malformed) -> M {
    do { return try M(serializedBytes: encoded) } catch {
        throw Malformed(description: "not a message: \(error)")
    }
}

func taskID(_ number: UInt64) throws(Malformed) -> TaskID {
    guard let id = Int(exactly: number) else { throw Malformed(description: "task \(number)") }
    return id
}

func taskIDs(_ numbers: [UInt64]) throws(Malformed) -> [TaskID] {
    var ids: [TaskID] = []
    for number in numbers { ids.append(try taskID(number)) }
    return ids
}

/// Line breaks and other controls would break up logs and CSV fields.
func oneLine(_ text: String) -> String {
    text.split { $0.isNewline }.joined(separator: "; ")
}
