/// A user's CSV: which file, which columns, and a digest of its bytes.
public struct TableReference: Hashable, Codable, Sendable {
    /// An absolute path.
    public var file: String
    /// SHA-256 of the file's bytes (hexadecimal).
    public var digest: String
    /// The 0/1 column.
    public var label: String
    public var teacherLogit: String
    /// Names of the feature columns, in the order of x.
    public var features: [String]
    /// How many rows and bytes the file has; nil in what an older build has written. Only the table's cost
    /// depends on them, and no result.
    public var rows: Int?
    public var bytes: Int?

    public init(
        file: String, digest: String, label: String, teacherLogit: String, features: [String],
        rows: Int? = nil, bytes: Int? = nil
    ) {
        self.file = file
        self.digest = digest
        self.label = label
        self.teacherLogit = teacherLogit
        self.features = features
        self.rows = rows
        self.bytes = bytes
    }
}
