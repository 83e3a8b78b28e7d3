import Foundation

/// A sweep file, checked, with every default filled in and every axis resolved to its values.
///
/// The coordinator, the workers and the store share this description: encoded as JSON it is sent to workers
/// and kept in the store, and by its digest two sweeps are told apart.
public struct Sweep: Hashable, Codable, Sendable {
    /// A letter or digit, then letters, digits, `.`, `_` and `-`: it names the results folder.
    public var name: String
    public var settings: Settings
    public var grid: Grid
    /// The chosen metrics, in the order of `Metric.allCases`.
    public var metrics: [Metric]

    public init(name: String, settings: Settings, grid: Grid, metrics: [Metric]) {
        self.name = name
        self.settings = settings
        self.grid = grid
        self.metrics = metrics
    }

    /// The sweep as it is sent to workers and stored. The same sweep gives the same bytes.
    public func encoded() -> Data { canonicalJSON(self) }

    /// - Throws: `DecodingError` for bytes that `encoded()` did not make.
    public init(encoded data: Data) throws {
        self = try JSONDecoder().decode(Sweep.self, from: data)
    }

    /// SHA-256 (hexadecimal) of everything that the task list and its numbers depend on: so not of the name,
    /// nor of a table's path and length.
    public var digest: String {
        var anonymous = self
        anonymous.name = ""
        anonymous.settings.learningTask = settings.learningTask.withoutLocation
        return sha256(anonymous.encoded())
    }
}

/// What every cell of a sweep depends on, beside its own axis values.
public struct Settings: Hashable, Codable, Sendable {
    public var learningTask: LearningTask
    public var student: Student
    public var teacherNoise: NoiseModel
    /// eps in (0, 0.5): the hard label is taken as eps or 1 - eps.
    public var hardLabelSmoothing: Double
    /// N, the samples that the oracle student sees; at least the largest sample size.
    public var oracleSamples: Int
    public var testSamples: Int

    public init(
        learningTask: LearningTask, student: Student, teacherNoise: NoiseModel,
        hardLabelSmoothing: Double, oracleSamples: Int, testSamples: Int
    ) {
        self.learningTask = learningTask
        self.student = student
        self.teacherNoise = teacherNoise
        self.hardLabelSmoothing = hardLabelSmoothing
        self.oracleSamples = oracleSamples
        self.testSamples = testSamples
    }

    /// Raised when a change to the code changes the numbers, so that rows of older builds with other numbers
    /// aren't taken from a store.
    public static let numericsRevision = 2

    /// SHA-256 (hexadecimal) of these settings and the numerics' revision. With a cell's axis values it is the
    /// key of a stored row.
    public var digest: String {
        var anonymous = self
        anonymous.learningTask = learningTask.withoutLocation
        var data = canonicalJSON(anonymous)
        data.append(contentsOf: "revision \(Self.numericsRevision)".utf8)
        return sha256(data)
    }
}

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

public struct Student: Hashable, Codable, Sendable {
    public var activation: Activation
    /// sw > 0
    public var weightScale: Double
    /// sb >= 0
    public var biasScale: Double

    public init(activation: Activation, weightScale: Double, biasScale: Double) {
        self.activation = activation
        self.weightScale = weightScale
        self.biasScale = biasScale
    }
}

public enum Activation: String, Hashable, Codable, Sendable, CaseIterable {
    case relu, erf

    /// sw if the sweep file gives none: sqrt(2) keeps a relu network's scale from layer to layer.
    public var defaultWeightScale: Double {
        switch self {
        case .relu: 2.0.squareRoot()
        case .erf: 1.5
        }
    }
}

func canonicalJSON(_ value: some Encodable) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do { return try encoder.encode(value) } catch {
        preconditionFailure("a checked sweep holds only finite numbers, so it encodes: \(error)")
    }
}
