/// Why a block can't be solved, in one line.
public struct SolveError: Error, CustomStringConvertible, Sendable {
    public let description: String

    init(_ description: String) { self.description = description }
}
