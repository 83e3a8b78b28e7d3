/// Where a coordinator listens, and the keys for it.
public struct Whereabouts: Hashable, Sendable {
    public var endpoint: String
    public var access: AccessFile

    public init(endpoint: String, access: AccessFile) {
        self.endpoint = endpoint
        self.access = access
    }
}
