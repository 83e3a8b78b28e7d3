import Foundation
import Sweep

/// What computes one sweep's blocks in a worker; used on one thread.
public protocol Solving {
    /// Takes a file that blocks read, before the first of them. Called once for each file.
    ///
    /// - Parameter digest: one of the sweep's `attachmentDigests`, which the bytes have.
    mutating func attach(_ bytes: Data, digest: String) throws

    /// A row for each wanted cell, in the order of their places.
    ///
    /// - Throws: `Miscalculation` if this machine has computed wrongly; any other error is the task's own.
    func solve(_ block: Block) throws -> [Row]
}

/// This machine has computed wrongly: another one can do the task, and this one should do none.
public struct Miscalculation: Error, Hashable, Sendable {
    /// What was wrong.
    public var reason: String

    public init(reason: String) { self.reason = reason }
}

/// Makes what solves a sweep's blocks with so many BLAS threads. Called for each sweep, and again where the
/// number of threads has changed.
public typealias Prepare = @Sendable (Sweep, _ threads: Int) throws -> any Solving
