/// Why a worker and a coordinator don't come together. The description is for the user.
public struct AccessError: Error, Hashable, CustomStringConvertible {
    public var description: String
    /// Whether waiting may help: the access file may still be written, or the coordinator started.
    public var mayPass = false
}
