import Dispatch
import Synchronization

/// What `body` makes of each of at most `parts` ranges that together are `0 ..< count`, in their order; each on a
/// thread of its own.
func inParts<Value: Sendable>(
    _ parts: Int, of count: Int, _ body: @Sendable (Range<Int>) -> Value
) -> [Value] {
    let parts = min(count, parts)
    let made = Mutex([Int: Value]())
    DispatchQueue.concurrentPerform(iterations: parts) { part in
        let value = body(count * part / parts..<count * (part + 1) / parts)
        made.withLock { $0[part] = value }
    }
    return made.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
}
