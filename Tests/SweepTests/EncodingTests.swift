import Foundation
import Testing

@testable import Sweep

@Suite struct EncodingTests {
    @Test(arguments: Fixtures.names(in: "good", ending: "yaml"))
    func decodesToTheSameSweepAndBytes(name: String) throws {
        let sweep = try Sweep(file: Fixtures.url("good/\(name).yaml"))
        let data = sweep.encoded()
        let decoded = try Sweep(encoded: data)
        #expect(decoded == sweep)
        #expect(decoded.encoded() == data)
        #expect(decoded.digest == sweep.digest)
    }

    /// A case of an enum that has no coding key compiles, and can't be encoded.
    @Test(arguments: NoiseModel.Name.allCases)
    func everyNoiseModelIsStored(name: NoiseModel.Name) throws {
        let sweep = try Fixtures.sweep(
            """
            task: {kind: gaussian-mixture, dimension: 2, components: 2, spread: 1, separation: 1}
            teacher: {noise: \(name)}
            oracle_samples: 8
            test_samples: 4
            grid: {width: infinite, sample_size: 4, soft_ratio: 0, teacher_noise: [0, 1], seed: 0}
            """)
        let noise = sweep.settings.teacherNoise
        #expect(noise.name == name)
        let data = try JSONEncoder().encode(noise)
        #expect(try JSONDecoder().decode(NoiseModel.self, from: data) == noise)
    }

    @Test func otherBytesAreRefused() {
        #expect(throws: DecodingError.self) { try Sweep(encoded: Data("{}".utf8)) }
        #expect(throws: DecodingError.self) { try Sweep(encoded: Data()) }
    }

    @Test func digestIgnoresTheNameAndWhereTheTableLies() throws {
        let sweep = try Sweep(file: Fixtures.url("good/table.yaml"))
        var moved = sweep
        moved.name = "another"
        moved.settings.learningTask = sweep.settings.learningTask.with { table in
            table.file = "/elsewhere/t.csv"
        }
        #expect(moved != sweep)
        #expect(moved.digest == sweep.digest)
        #expect(moved.settings.digest == sweep.settings.digest)
    }

    static let gridChanges: [@Sendable (inout Grid) -> Void] = [
        { $0.width = [.finite(5)] }, { $0.model = [.linearised, .network] },
        { $0.steps = [.finite(5)] }, { $0.steps = [.finite(5), .infinite] },
        { $0.sampleSize = [5] }, { $0.softRatio = [0.25] },
        { $0.teacherNoise = [3] }, { $0.temperature = [2] }, { $0.depth = [4] },
        { $0.ridge = [1e-9] }, { $0.seed = [11] },
    ]

    @Test(arguments: gridChanges.indices)
    func digestChangesWithAnyAxis(number: Int) throws {
        let sweep = try Sweep(file: Fixtures.url("good/defaults.yaml"))
        var changed = sweep
        Self.gridChanges[number](&changed.grid)
        #expect(changed.digest != sweep.digest)
        #expect(changed.settings.digest == sweep.settings.digest)
    }

    static let settingsChanges: [@Sendable (inout Settings) -> Void] = [
        { $0.student.activation = .erf }, { $0.student.weightScale = 1 },
        { $0.student.biasScale = 0 }, { $0.teacherNoise = .gaussian }, { $0.teacherNoise = .flip },
        { $0.teacherNoise = .smooth(lengthscale: 1.0.nextUp) }, { $0.hardLabelSmoothing = 0.1 },
        { $0.temperatureScaling = .squared }, { $0.training.learningRate = 0.3.nextUp },
        { $0.training.momentum = 0 },
        { $0.oracleSamples += 1 }, { $0.testSamples += 1 },
        { $0.learningTask = $0.learningTask.with { $0.digest = "0" } },
        { $0.learningTask = $0.learningTask.with { $0.label = "x" } },
        { $0.learningTask = $0.learningTask.with { $0.teacherLogit = "x" } },
        { $0.learningTask = $0.learningTask.with { $0.features.reverse() } },
        { $0.learningTask = .mixture { _ in } },
    ]

    @Test(arguments: settingsChanges.indices)
    func digestChangesWithAnySetting(number: Int) throws {
        let sweep = try Sweep(file: Fixtures.url("good/table.yaml"))
        var changed = sweep
        Self.settingsChanges[number](&changed.settings)
        #expect(changed.digest != sweep.digest)
        #expect(changed.settings.digest != sweep.settings.digest)
    }

    @Test func digestChangesWithAnyKeyOfTheMixture() throws {
        let tasks: [LearningTask] = [
            .mixture { _ in }, .mixture { $0.dimension = 5 }, .mixture { $0.components = 5 },
            .mixture { $0.spread = 5 }, .mixture { $0.separation = 5 },
            .mixture { $0.labels = .sampled }, .mixture { $0.seed = 5 },
        ]
        var sweep = try Sweep(file: Fixtures.url("good/defaults.yaml"))
        let digests = tasks.map { task in
            sweep.settings.learningTask = task
            return sweep.digest
        }
        #expect(Set(digests).count == tasks.count)
    }

    @Test func digestChangesWithTheMetrics() throws {
        let sweep = try Sweep(file: Fixtures.url("good/defaults.yaml"))
        var changed = sweep
        changed.metrics.removeLast()
        #expect(changed.digest != sweep.digest)
    }
}

extension LearningTask {
    func with(_ change: (inout TableReference) -> Void) -> LearningTask {
        guard case .table(var table) = self else { return self }
        change(&table)
        return .table(table)
    }

    fileprivate static func mixture(_ change: (inout GaussianMixture) -> Void) -> LearningTask {
        var mixture = GaussianMixture(dimension: 1, components: 2, spread: 3, separation: 4)
        change(&mixture)
        return .gaussianMixture(mixture)
    }
}
