import Foundation
import Scheduling

/// Who waits for the table's bytes. They are sent a little at a time, so that the loop keeps turning
/// however many ask at once.
struct Supply {
    /// Of the sweep's table; nil of a sweep that has none.
    let bytes: Data?
    /// In the order in which they asked.
    private var waiting: [WorkerID] = []

    static let chunksATurn = 16

    init(of bytes: Data?) { self.bytes = bytes }

    var isIdle: Bool { waiting.isEmpty }

    mutating func enqueue(_ worker: WorkerID) { waiting.append(worker) }

    /// Whose turn it is.
    mutating func next() -> [WorkerID] {
        let turn = Array(waiting.prefix(Self.chunksATurn))
        waiting.removeFirst(turn.count)
        return turn
    }
}

extension Desk {
    /// Notes what a worker asks for.
    ///
    /// - Throws: where no worker would ask for this: it would be sent more than once what it then
    ///   can't have lost.
    mutating func note(_ need: DataNeed, of worker: WorkerID) throws(Malformed) {
        guard let bytes = supply.bytes, let table = sweep.table, need.digest == table.digest else {
            throw Malformed(description: "a request for data that is not this sweep's")
        }
        guard need.offset < bytes.count else {
            throw Malformed(
                description: "a request for bytes from \(need.offset) on of \(bytes.count)")
        }
        guard sessions.note(needFrom: need.offset, of: worker) else {
            throw Malformed(description: "a second request for bytes from \(need.offset) on")
        }
        supply.enqueue(worker)
    }

    /// Sends the next chunks. A worker that has said hello anew has withdrawn its request.
    mutating func sendData() {
        guard !supply.isIdle, let bytes = supply.bytes, let table = sweep.table else { return }
        for worker in supply.next() {
            guard let offset = sessions.takeNeed(of: worker) else { continue }
            let first = bytes.startIndex + offset
            let chunk = bytes[first..<min(first + DataChunk.size, bytes.endIndex)]
            send(
                .data(
                    DataChunk(
                        digest: table.digest, offset: offset, total: bytes.count, bytes: chunk)),
                to: worker)
        }
    }
}
