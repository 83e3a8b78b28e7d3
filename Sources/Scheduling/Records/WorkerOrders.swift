// The orders in which the scheduler looks at workers: those that want tasks, by memory, and by when they were
// last heard.

/// A worker that holds fewer than two tasks: the one being solved and one more. Of workers that hold
/// equally many, the one with the most memory comes first: a task that doesn't fit it fits no other.
struct Hunger: Hashable, Comparable, Sendable {
    var held: Int
    var classLimit: Int
    var worker: WorkerID

    static func < (a: Hunger, b: Hunger) -> Bool {
        (b.classLimit, a.worker) < (a.classLimit, b.worker)
    }
}

/// A worker by its memory, the largest first.
struct Stature: Hashable, Comparable, Sendable {
    var memory: Double
    var worker: WorkerID

    static func < (a: Stature, b: Stature) -> Bool { (b.memory, a.worker) < (a.memory, b.worker) }
}

/// When to look next whether a worker has been silent for too long: no later than it can be.
struct Watch: Hashable, Comparable, Sendable {
    var at: Duration
    var worker: WorkerID

    static func < (a: Watch, b: Watch) -> Bool { (a.at, a.worker) < (b.at, b.worker) }
}
