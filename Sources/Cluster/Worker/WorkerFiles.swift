import Foundation
import Sweep

/// The files that a worker has of its sweep, and the one that it awaits.
struct WorkerFiles: Sendable {
    /// Those that have come. They stay until a sweep comes that reads others.
    private var arrived: Attachments = [:]
    /// The digests of those that the solver has.
    private var attached: Set<String> = []
    private var delivery: Delivery?

    /// The request for the next bytes of the file that is awaited; nil if none is.
    var need: DataNeed? { delivery?.need }

    /// Forgets what the sweep doesn't read. A sweep without files leaves those of the one before, which may come
    /// back.
    mutating func turn(to sweep: Sweep) {
        let digests = sweep.attachmentDigests
        if !digests.isEmpty { arrived = arrived.filter { digests.contains($0.key) } }
        if let delivery, !digests.contains(delivery.digest) { self.delivery = nil }
    }

    /// The solver has begun anew, and has none of the files.
    mutating func detachAll() { attached = [] }

    /// The files among these that the solver lacks, which are given to it now; nil if one hasn't come. That one
    /// is awaited then, unless another is.
    mutating func attach(_ digests: [String]) -> [(bytes: Data, digest: String)]? {
        if let missing = digests.first(where: { arrived[$0] == nil }) {
            if delivery == nil { delivery = Delivery(of: missing) }
            return nil
        }
        return digests.filter { attached.insert($0).inserted }.map { (arrived[$0]!, $0) }
    }

    mutating func add(_ chunk: DataChunk) -> Delivery.Progress {
        guard let digest = delivery?.digest else { return .none }
        let progress = delivery!.add(chunk)
        if case .complete = progress {
            arrived[digest] = delivery!.bytes
            delivery = nil
        }
        return progress
    }
}
