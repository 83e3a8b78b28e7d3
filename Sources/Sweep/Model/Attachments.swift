import Foundation

/// The bytes of the files that a sweep's blocks read, by their SHA-256 (hexadecimal). The sweep names the
/// digests, so what is checked, sent and computed with are the same bytes, whatever becomes of the files.
public typealias Attachments = [String: Data]

extension Sweep {
    /// The digests of all files that its blocks read.
    public var attachmentDigests: [String] { table.map { [$0.digest] } ?? [] }

    /// The digests of the files that a worker has to have before it begins the block: those of its own
    /// kernel only, where kernels come from different files.
    public func attachmentDigests(of block: Block) -> [String] { attachmentDigests }
}
