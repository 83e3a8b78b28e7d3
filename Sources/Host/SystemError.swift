import Foundation

/// An operation that the operating system refused, and why.
public struct SystemError: Error, Hashable, CustomStringConvertible {
    public var description: String

    /// - Parameter code: as in `errno`.
    package init(_ operation: String, code: Int32) {
        description = "\(operation): \(String(cString: strerror(code)))"
    }
}
