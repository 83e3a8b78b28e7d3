import Foundation

/// What every cell of a sweep depends on, beside its own axis values.
public struct Settings: Hashable, Codable, Sendable {
    public var learningTask: LearningTask
    public var student: Student
    public var teacherNoise: NoiseModel
    /// eps in (0, 0.5): the hard label is taken as eps or 1 - eps.
    public var hardLabelSmoothing: Double
    public var temperatureScaling: TemperatureScaling
    public var training: Training
    /// N, the samples that the oracle student sees; at least the largest sample size.
    public var oracleSamples: Int
    public var testSamples: Int

    public init(
        learningTask: LearningTask, student: Student, teacherNoise: NoiseModel,
        hardLabelSmoothing: Double, temperatureScaling: TemperatureScaling = .none,
        training: Training = .standard, oracleSamples: Int, testSamples: Int
    ) {
        self.learningTask = learningTask
        self.student = student
        self.teacherNoise = teacherNoise
        self.hardLabelSmoothing = hardLabelSmoothing
        self.temperatureScaling = temperatureScaling
        self.training = training
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
