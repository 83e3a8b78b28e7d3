import Scheduling

/// The tasks that a worker says it has. From them the coordinator finds leases of tasks that the worker
/// doesn't have, because a message was lost.
package struct Holdings: Hashable, Sendable {
    /// The digest of the sweep that the tasks belong to.
    package var sweepDigest: String
    /// Tasks that it was given and hasn't finished, the one being solved among them.
    package var held: [TaskID]
    /// Tasks whose results it keeps because they haven't been acknowledged.
    package var finished: [TaskID]
    /// The number of the last assignment that it has received; later ones may be under way.
    package var seen: UInt64

    package init(
        sweepDigest: String, held: [TaskID], finished: [TaskID] = [], seen: UInt64 = 0
    ) {
        self.sweepDigest = sweepDigest
        self.held = held
        self.finished = finished
        self.seen = seen
    }
}

extension Holdings {
    var wire: WireHeartbeat {
        .with {
            $0.sweepDigest = sweepDigest
            $0.held = held.map(UInt64.init)
            $0.finished = finished.map(UInt64.init)
            $0.seen = seen
        }
    }

    init(_ wire: WireHeartbeat) throws(Malformed) {
        self.init(
            sweepDigest: wire.sweepDigest, held: try taskIDs(wire.held),
            finished: try taskIDs(wire.finished), seen: wire.seen)
    }
}
