/// Why a worker and a coordinator don't come together. The description is for the user.
public struct AccessError: Error, Hashable, CustomStringConvertible {
    public var description: String
    /// Whether it may be otherwise later without anybody's mending it: a coordinator may be started.
    public var mayPass = false
}
