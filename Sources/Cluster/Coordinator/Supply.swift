import Foundation
import Scheduling
import Sweep

/// The sweep's files, and the workers that wait for bytes of them. The bytes are sent a little at a time, so that
/// the loop keeps turning however many workers ask at once.
struct Supply {
    let attachments: Attachments
    /// Workers in the order in which they asked.
    private var waiting: [WorkerID] = []

    static let chunksATurn = 16

    init(of attachments: Attachments) { self.attachments = attachments }

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
        guard let bytes = supply.attachments[need.digest] else {
            throw Malformed(description: "a request for data that is not this sweep's")
        }
        guard need.offset < bytes.count else {
            throw Malformed(
                description: "a request for bytes from \(need.offset) on of \(bytes.count)")
        }
        guard sessions.note(need, of: worker) else {
            throw Malformed(description: "a second request for bytes from \(need.offset) on")
        }
        supply.enqueue(worker)
    }

    /// Sends the next chunks. A worker that has said hello anew since it asked gets none: its request was of
    /// an earlier session, and it asks again.
    mutating func sendData() {
        for worker in supply.next() {
            guard let need = sessions.takeNeed(of: worker),
                let bytes = supply.attachments[need.digest]
            else { continue }
            let first = bytes.startIndex + need.offset
            let chunk = bytes[first..<min(first + DataChunk.size, bytes.endIndex)]
            send(
                .data(
                    DataChunk(
                        digest: need.digest, offset: need.offset, total: bytes.count, bytes: chunk)),
                to: worker)
        }
    }
}
