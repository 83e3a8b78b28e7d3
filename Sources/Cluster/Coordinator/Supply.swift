import Foundation
import Scheduling

/// The workers that wait for the table's bytes. Only some chunks are sent in each turn of the loop, so that
/// it keeps turning however many workers ask at once.
struct Supply {
    /// The table's bytes; nil if the sweep has no table.
    let bytes: Data?
    /// Workers in the order in which they asked.
    private var waiting: [WorkerID] = []

    static let chunksATurn = 16

    init(of bytes: Data?) { self.bytes = bytes }

    var isIdle: Bool { waiting.isEmpty }

    mutating func enqueue(_ worker: WorkerID) { waiting.append(worker) }

    /// The workers that are sent a chunk in this turn of the loop.
    mutating func next() -> [WorkerID] {
        let turn = Array(waiting.prefix(Self.chunksATurn))
        waiting.removeFirst(turn.count)
        return turn
    }
}

extension Desk {
    /// Notes which bytes a worker asks for.
    ///
    /// - Throws: if no worker would ask for them: they are not the table's, or were sent to it in this
    ///   session, which loses nothing.
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

    /// Sends the next chunks. A worker that has said hello anew since it asked gets none: its request was of
    /// an earlier session, and it asks again.
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
