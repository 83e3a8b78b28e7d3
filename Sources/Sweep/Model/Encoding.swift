import Foundation

// How a sweep's types are decoded, now and from what older builds wrote.
//
// Stores keep encodings for years, and rows are found by digests of them. So
//
// - a field that is missing has the value that files without it meant; that value is given here, once;
// - a field that this build doesn't know is ignored, as every keyed container ignores it;
// - a field that is added from now on is encoded only if it differs from that value, by
//   `encode(_:forKey:absent:)` in the type's own `encode(to:)`. Then a sweep that an older build could have
//   written still has the bytes, and so the digest, that the older build gave it. For the same reason the
//   fields of the first encodings, which a synthesised `encode(to:)` writes, are always encoded;
// - a field that changes no number (`TableReference.rows`) is removed by `withoutLocation` before a digest.
//
// A new field gets a line in its type's `init(from:)` below, with the value of `absent`, and a fixture
// without it in `EncodingHistoryTests`.

extension KeyedDecodingContainer {
    /// The value of a field.
    ///
    /// - Parameter absent: what files without the field meant.
    func decode<Value: Decodable>(_ key: Key, absent: Value) throws -> Value {
        try decodeIfPresent(Value.self, forKey: key) ?? absent
    }
}

extension KeyedEncodingContainer {
    /// Encodes a field that older builds don't write, unless it has the value that files without it meant.
    mutating func encode<Value: Encodable & Equatable>(
        _ value: Value, forKey key: Key, absent: Value
    ) throws {
        if value != absent { try encode(value, forKey: key) }
    }
}

extension Sweep {
    enum CodingKeys: String, CodingKey {
        case name, settings, grid, metrics, precision
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try fields.decode(String.self, forKey: .name),
            settings: try fields.decode(Settings.self, forKey: .settings),
            grid: try fields.decode(Grid.self, forKey: .grid),
            metrics: try fields.decode(.metrics, absent: Array(Metric.original)),
            precision: try fields.decode(.precision, absent: nil))
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(name, forKey: .name)
        try fields.encode(settings, forKey: .settings)
        try fields.encode(grid, forKey: .grid)
        try fields.encode(metrics, forKey: .metrics)
        try fields.encode(precision, forKey: .precision, absent: nil)
    }
}

extension Settings {
    enum CodingKeys: String, CodingKey {
        case learningTask, student, teacherNoise, hardLabelSmoothing, temperatureScaling, training
        case oracleSamples, testSamples
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            learningTask: try fields.decode(LearningTask.self, forKey: .learningTask),
            student: try fields.decode(.student, absent: .standard),
            teacherNoise: try fields.decode(.teacherNoise, absent: .smooth(lengthscale: 1)),
            hardLabelSmoothing: try fields.decode(.hardLabelSmoothing, absent: 0.001),
            temperatureScaling: try fields.decode(.temperatureScaling, absent: .none),
            training: try fields.decode(.training, absent: .standard),
            oracleSamples: try fields.decode(Int.self, forKey: .oracleSamples),
            testSamples: try fields.decode(Int.self, forKey: .testSamples))
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(learningTask, forKey: .learningTask)
        try fields.encode(student, forKey: .student)
        try fields.encode(teacherNoise, forKey: .teacherNoise)
        try fields.encode(hardLabelSmoothing, forKey: .hardLabelSmoothing)
        try fields.encode(temperatureScaling, forKey: .temperatureScaling, absent: .none)
        try fields.encode(training, forKey: .training, absent: .standard)
        try fields.encode(oracleSamples, forKey: .oracleSamples)
        try fields.encode(testSamples, forKey: .testSamples)
    }
}

extension GaussianMixture {
    enum CodingKeys: String, CodingKey {
        case dimension, components, spread, separation, labels, seed
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            dimension: try fields.decode(Int.self, forKey: .dimension),
            components: try fields.decode(Int.self, forKey: .components),
            spread: try fields.decode(Double.self, forKey: .spread),
            separation: try fields.decode(Double.self, forKey: .separation),
            labels: try fields.decode(.labels, absent: .deterministic),
            seed: try fields.decode(.seed, absent: 0))
    }
}

extension TableReference {
    enum CodingKeys: String, CodingKey {
        case file, digest, label, teacherLogit, features, rows, bytes
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            file: try fields.decode(.file, absent: ""),
            digest: try fields.decode(String.self, forKey: .digest),
            label: try fields.decode(.label, absent: "label"),
            teacherLogit: try fields.decode(.teacherLogit, absent: "teacher_logit"),
            features: try fields.decode([String].self, forKey: .features),
            rows: try fields.decode(.rows, absent: nil),
            bytes: try fields.decode(.bytes, absent: nil))
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(file, forKey: .file)
        try fields.encode(digest, forKey: .digest)
        try fields.encode(label, forKey: .label)
        try fields.encode(teacherLogit, forKey: .teacherLogit)
        try fields.encode(features, forKey: .features)
        try fields.encode(rows, forKey: .rows, absent: nil)
        try fields.encode(bytes, forKey: .bytes, absent: nil)
    }
}

extension Student {
    enum CodingKeys: String, CodingKey {
        case activation, weightScale, biasScale
    }

    /// The student of a sweep file that doesn't describe one.
    static let standard = Student(
        activation: .relu, weightScale: Activation.relu.defaultWeightScale, biasScale: 0.1)

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let activation = try fields.decode(.activation, absent: Activation.relu)
        self.init(
            activation: activation,
            weightScale: try fields.decode(.weightScale, absent: activation.defaultWeightScale),
            biasScale: try fields.decode(.biasScale, absent: 0.1))
    }
}

extension Training {
    enum CodingKeys: String, CodingKey {
        case learningRate, momentum
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let standard = Training.standard
        self.init(
            learningRate: try fields.decode(.learningRate, absent: standard.learningRate),
            momentum: try fields.decode(.momentum, absent: standard.momentum))
    }
}

extension NoiseModel {
    enum SmoothCodingKeys: String, CodingKey {
        case lengthscale
    }

    enum CodingKeys: String, CodingKey {
        case smooth, gaussian, flip
    }

    public init(from decoder: any Decoder) throws {
        let models = try decoder.container(keyedBy: CodingKeys.self)
        let known = models.allKeys
        guard known.count == 1, let model = known.first else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "a noise model is one of smooth, gaussian and flip"))
        }
        switch model {
        case .smooth:
            let fields = try models.nestedContainer(
                keyedBy: SmoothCodingKeys.self, forKey: .smooth)
            self = .smooth(lengthscale: try fields.decode(.lengthscale, absent: 1))
        case .gaussian: self = .gaussian
        case .flip: self = .flip
        }
    }
}

extension Grid: Codable {
    /// The field of an axis. Its name is the axis' key in camel case, as other fields have it: `sampleSize`.
    private struct Field: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ axis: Axis) {
            let words = axis.key.split(separator: "_")
            stringValue = words[0] + words.dropFirst().map(\.capitalized).joined()
        }

        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// The axes of the first encodings, which are always encoded. Any other axis is encoded only if it has
    /// other values than an encoding without it means.
    private static let first: Set<Axis> = [
        .width, .sampleSize, .softRatio, .teacherNoise, .temperature, .depth, .ridge, .seed,
    ]

    /// An axis that is missing has its `absent` value only. Sample sizes and soft ratios have no such value,
    /// so these must be there.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Field.self)
        try self.init { axis in
            try axis.known.form.values(of: fields, Field(axis), absent: axis.absent)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Field.self)
        for axis in Axis.allCases where Self.first.contains(axis) || self[axis].all != [axis.absent]
        {
            try fields.encode(self[axis], forKey: Field(axis))
        }
    }
}
