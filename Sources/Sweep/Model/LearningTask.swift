/// What is to be learned: the samples x and their true logit z_g.
public enum LearningTask: Hashable, Codable, Sendable {
    case gaussianMixture(GaussianMixture)
    case table(TableReference)

    var withoutLocation: LearningTask {
        switch self {
        case .gaussianMixture: return self
        case .table(var reference):
            reference.file = ""
            // These follow from the file's bytes, whose digest the reference has.
            reference.rows = nil
            reference.bytes = nil
            return .table(reference)
        }
    }
}

/// Components at random centres of norm r; those of even number are positive, the others negative.
public struct GaussianMixture: Hashable, Codable, Sendable {
    /// d >= 1
    public var dimension: Int
    /// q >= 2
    public var components: Int
    /// s > 0: the standard deviation of each component in each coordinate.
    public var spread: Double
    /// r > 0: the norm of each centre.
    public var separation: Double
    public var labels: HardLabels
    /// The task seed: fixes the centres.
    public var seed: Int

    public init(
        dimension: Int, components: Int, spread: Double, separation: Double,
        labels: HardLabels = .deterministic, seed: Int = 0
    ) {
        self.dimension = dimension
        self.components = components
        self.spread = spread
        self.separation = separation
        self.labels = labels
        self.seed = seed
    }
}

/// How the hard label y_g follows from the true logit z_g.
public enum HardLabels: String, Hashable, Codable, Sendable, CaseIterable {
    /// y_g = 1 where z_g > 0
    case deterministic
    /// y_g = 1 with probability sigma(z_g)
    case sampled
}

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

extension Sweep {
    /// The reference of the sweep's table; nil for a mixture.
    public var table: TableReference? {
        switch settings.learningTask {
        case .gaussianMixture: nil
        case .table(let reference): reference
        }
    }
}
