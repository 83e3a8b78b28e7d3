import Foundation
import Scheduling
import Sweep

/// What the coordinator says to a worker.
package enum Order: Hashable, Sendable {
    case welcome(Welcome)
    case heartbeat(incarnation: UInt64)
    /// Say hello (again): I don't know who is behind this session.
    case whoAreYou
    case assign(Assignment)
    /// The task's result is stored or not needed, so forget it.
    case acknowledge(TaskID)
    /// The task's result is no longer wanted.
    case discard(TaskID)
    case stop
    /// I can't work with you; the reason is one line.
    case refuse(reason: String)
    /// Bytes of one of the sweep's files, which the worker has asked for.
    case data(DataChunk)
}

package struct Welcome: Hashable, Sendable {
    package var sweep: Sweep
    /// BLAS threads for each solve; >= 1
    package var threads: Int
    /// The coordinator process's random name.
    package var incarnation: UInt64

    package init(sweep: Sweep, threads: Int, incarnation: UInt64) {
        self.sweep = sweep
        self.threads = threads
        self.incarnation = incarnation
    }
}

/// A task to be solved. Its id is its position in the sweep's list of tasks.
package struct Assignment: Hashable, Sendable {
    package var task: TaskID
    /// The task's places that are wanted, as ascending runs.
    package var wanted: [Range<Int>]
    /// Whether the task may have crashed a worker. The worker then begins it alone, so that another crash
    /// is charged to no other task.
    package var isSuspect: Bool
    /// The number of this assignment: the coordinator counts them from 1. A worker's heartbeat says up to
    /// which number it has received them.
    package var number: UInt64

    package init(
        task: TaskID, wanted: [Range<Int>], isSuspect: Bool = false, number: UInt64 = 0
    ) {
        self.task = task
        self.wanted = wanted
        self.isSuspect = isSuspect
        self.number = number
    }

    /// The task's block, or slice of one, with the wanted cells.
    func block(in tasks: TaskList) throws(Malformed) -> Block {
        guard task < tasks.count else { throw Malformed(description: "no task \(task)") }
        var block = tasks[task]
        guard wanted.last.map({ $0.upperBound <= block.places.count }) ?? true else {
            throw Malformed(description: "task \(task) has no place \(wanted.last!.upperBound - 1)")
        }
        block.wanted = wanted
        return block
    }
}

extension Order {
    package func encoded() -> [UInt8] {
        let kind: WireOrder.OneOf_Kind =
            switch self {
            case .welcome(let welcome):
                .welcome(
                    .with {
                        $0.sweep = welcome.sweep.encoded()
                        $0.threads = UInt32(welcome.threads)
                        $0.incarnation = welcome.incarnation
                    })
            case .heartbeat(let incarnation): .heartbeat(.with { $0.id = incarnation })
            case .whoAreYou: .whoAreYou(WireNothing())
            case .assign(let assignment):
                .assign(
                    .with {
                        $0.task = UInt64(assignment.task)
                        $0.places = packed(assignment.wanted)
                        $0.isSuspect = assignment.isSuspect
                        $0.number = assignment.number
                    })
            case .acknowledge(let task): .acknowledge(.with { $0.id = UInt64(task) })
            case .discard(let task): .discard(.with { $0.id = UInt64(task) })
            case .stop: .stop(WireNothing())
            case .refuse(let reason): .refuse(.with { $0.reason = reason })
            case .data(let chunk): .data(chunk.wire)
            }
        return bytes(of: WireOrder.with { $0.kind = kind })
    }

    package init(encoded: [UInt8]) throws(Malformed) {
        let message: WireOrder = try decoded(encoded)
        switch message.kind {
        case .welcome(let welcome): self = .welcome(try Welcome(welcome))
        case .heartbeat(let incarnation): self = .heartbeat(incarnation: incarnation.id)
        case .whoAreYou: self = .whoAreYou
        case .assign(let assignment):
            self = .assign(
                Assignment(
                    task: try taskID(assignment.task), wanted: try unpacked(assignment.places),
                    isSuspect: assignment.isSuspect, number: assignment.number))
        case .acknowledge(let task): self = .acknowledge(try taskID(task.id))
        case .discard(let task): self = .discard(try taskID(task.id))
        case .stop: self = .stop
        case .refuse(let refusal): self = .refuse(reason: oneLine(refusal.reason))
        case .data(let chunk): self = .data(try DataChunk(chunk))
        case nil: throw Malformed(description: "a message of no known kind")
        }
    }
}

extension Welcome {
    init(_ wire: WireWelcome) throws(Malformed) {
        guard wire.threads >= 1 else { throw Malformed(description: "\(wire.threads) threads") }
        threads = Int(wire.threads)
        incarnation = wire.incarnation
        do { sweep = try Sweep(encoded: wire.sweep) } catch {
            throw Malformed(description: "not a sweep: \(error)")
        }
    }
}
