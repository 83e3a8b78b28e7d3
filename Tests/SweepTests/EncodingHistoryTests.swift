import Foundation
import Sweep
import Testing

/// What builds have written is read for ever, and has the digests that they gave it: a store is found by
/// them. Nothing here is ever changed; a new field brings a new fixture.
@Suite struct EncodingHistoryTests {
    /// As a build wrote it, with the digests of the sweep and of its settings.
    struct Written: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var json: String
        var digest: String
        var settingsDigest: String
    }

    static let written = [
        Written(
            testDescription: "smooth noise, finite and infinite widths",
            json: #"""
                {"grid":{"depth":[1,3],"ridge":[0,1e-05],"sampleSize":[16,64],"seed":[0,7],\#
                "softRatio":[0,0.3,1],"teacherNoise":[0,0.5],"temperature":[1,2],\#
                "width":[64,"infinite"]},\#
                "metrics":["student_error","teacher_error"],"name":"old",\#
                "settings":{"hardLabelSmoothing":0.001,\#
                "learningTask":{"gaussianMixture":{"_0":{"components":8,"dimension":10,"labels":"deterministic","seed":3,"separation":1.5,"spread":0.6}}},\#
                "oracleSamples":64,\#
                "student":{"activation":"relu","biasScale":0.1,"weightScale":1.5},\#
                "teacherNoise":{"smooth":{"lengthscale":1.5}},"testSamples":20}}
                """#,
            digest: "03934212b3c56b32eb50824589c564d21e6965993a65f3bd2df1f3f48a43d8e6",
            settingsDigest: "447ccc43743b39f406698e163a041f63035bf5994325072dea4c0dedf3db54f5"),
        Written(
            testDescription: "gaussian noise, a finite width",
            json: #"""
                {"grid":{"depth":[1,3],"ridge":[0,1e-05],"sampleSize":[16,64],"seed":[0,7],\#
                "softRatio":[0,0.3,1],"teacherNoise":[0,0.5],"temperature":[1,2],\#
                "width":[8]},\#
                "metrics":["student_error","teacher_error"],"name":"old",\#
                "settings":{"hardLabelSmoothing":0.001,\#
                "learningTask":{"gaussianMixture":{"_0":{"components":8,"dimension":10,"labels":"sampled","seed":3,"separation":1.5,"spread":0.6}}},\#
                "oracleSamples":64,\#
                "student":{"activation":"erf","biasScale":0.1,"weightScale":1.5},\#
                "teacherNoise":{"gaussian":{}},"testSamples":20}}
                """#,
            digest: "26020cb364d3f4aba89094b29934c042608c8bdf624403198887992a1340fc02",
            settingsDigest: "54d479a33b142234628d7d25228ed4837b94c377df0a70011031a005dac707d6"),
        Written(
            testDescription: "flip noise, the infinite width",
            json: #"""
                {"grid":{"depth":[1,3],"ridge":[0,1e-05],"sampleSize":[16,64],"seed":[0,7],\#
                "softRatio":[0,0.3,1],"teacherNoise":[0,0.5],"temperature":[1,2],\#
                "width":["infinite"]},\#
                "metrics":["student_error","teacher_error"],"name":"old",\#
                "settings":{"hardLabelSmoothing":0.001,\#
                "learningTask":{"gaussianMixture":{"_0":{"components":8,"dimension":10,"labels":"sampled","seed":3,"separation":1.5,"spread":0.6}}},\#
                "oracleSamples":64,\#
                "student":{"activation":"relu","biasScale":0.1,"weightScale":1.5},\#
                "teacherNoise":{"flip":{}},"testSamples":20}}
                """#,
            digest: "06a022d96cb2c089d14d94410d26bfa28342ec56796b7008b978f6610ee1e7f4",
            settingsDigest: "ab36874429926f006187d1f9b39409bd5e2fd85a50026068ef91991f36374c8c"),
        Written(
            testDescription: "a table",
            json: #"""
                {"grid":{"depth":[1,3],"ridge":[0,1e-05],"sampleSize":[16,64],"seed":[0,7],\#
                "softRatio":[0,0.3,1],"teacherNoise":[0,0.5],"temperature":[1,2],\#
                "width":["infinite"]},\#
                "metrics":["student_error","teacher_error"],"name":"old",\#
                "settings":{"hardLabelSmoothing":0.001,\#
                "learningTask":{"table":{"_0":{"digest":"ab","features":["a","b \"c\""],"file":"/data/t.csv","label":"label","teacherLogit":"teacher_logit"}}},\#
                "oracleSamples":64,\#
                "student":{"activation":"erf","biasScale":0.1,"weightScale":1.5},\#
                "teacherNoise":{"gaussian":{}},"testSamples":20}}
                """#,
            digest: "d613377b5bba8bfd2b2ebe51f07d5ec703ef21df76d61d8d9f370adde3bc60d7",
            settingsDigest: "85ca782ca818193360dbfcec540c1eacaeda71763072fa706aa343a6be4d2e5d"),
        Written(
            testDescription: "trained students",
            json: #"""
                {"grid":{"depth":[2],"model":["linearised","network"],"ridge":[0],"sampleSize":[16,64],"seed":[0,7],\#
                "softRatio":[0,0.3,1],"steps":[30,"infinite"],"teacherNoise":[0,0.5],"temperature":[1,2],\#
                "width":[8,"infinite"]},\#
                "metrics":["student_error","sharpness"],"name":"old",\#
                "settings":{"hardLabelSmoothing":0.001,\#
                "learningTask":{"gaussianMixture":{"_0":{"components":8,"dimension":10,"labels":"sampled","seed":3,"separation":1.5,"spread":0.6}}},\#
                "oracleSamples":64,\#
                "student":{"activation":"relu","biasScale":0.1,"weightScale":1.5},\#
                "teacherNoise":{"gaussian":{}},"testSamples":20,\#
                "training":{"learningRate":0.3,"momentum":0.5}}}
                """#,
            digest: "1f2fd6764fc69cf0708b705bcd287c3c474d85c4d9ff924b5a60972cdd26f610",
            settingsDigest: "4e3c7143cb96d65f330f6e3b6653ed8a05d237bcc4ffac3e13da68283a4efaa9"),
        Written(
            testDescription: "seeds by precision",
            json: #"""
                {"grid":{"depth":[1,3],"ridge":[0,1e-05],"sampleSize":[16,64],"seed":[4,5,6],\#
                "softRatio":[0,0.3,1],"teacherNoise":[0,0.5],"temperature":[1,2],\#
                "width":[8]},\#
                "metrics":["student_error","teacher_error"],"name":"old",\#
                "precision":{"atLeast":2,"targets":[{"error":0.001,"metric":"student_error"}]},\#
                "settings":{"hardLabelSmoothing":0.001,\#
                "learningTask":{"gaussianMixture":{"_0":{"components":8,"dimension":10,"labels":"sampled","seed":3,"separation":1.5,"spread":0.6}}},\#
                "oracleSamples":64,\#
                "student":{"activation":"erf","biasScale":0.1,"weightScale":1.5},\#
                "teacherNoise":{"gaussian":{}},"testSamples":20}}
                """#,
            digest: "332928dc3d68b27daceb9920bf3b8540318093b74d8447d6c1bdbc2190f51ff1",
            settingsDigest: "54d479a33b142234628d7d25228ed4837b94c377df0a70011031a005dac707d6"),
    ]

    @Test(arguments: written)
    func isReadAndWrittenAsEver(_ written: Written) throws {
        let sweep = try Sweep(encoded: Data(written.json.utf8))
        #expect(String(decoding: sweep.encoded(), as: UTF8.self) == written.json)
        #expect(sweep.digest == written.digest)
        #expect(sweep.settings.digest == written.settingsDigest)
    }

    /// What is removed from the mixture's encoding, and what the sweep then has.
    static let absences: [(path: [String], has: @Sendable (Sweep) -> Bool)] = [
        (["metrics"], { $0.metrics == Array(Metric.allCases.prefix { $0 != .excessLoss }) }),
        (["grid", "width"], { $0.grid.width == [.infinite] }),
        (["grid", "teacherNoise"], { $0.grid.teacherNoise == [0] }),
        (["grid", "temperature"], { $0.grid.temperature == [1] }),
        (["grid", "depth"], { $0.grid.depth == [3] }),
        (["grid", "ridge"], { $0.grid.ridge == [0] }),
        (["grid", "seed"], { $0.grid.seed == [0] }),
        (["settings", "hardLabelSmoothing"], { $0.settings.hardLabelSmoothing == 0.001 }),
        (["settings", "student"], { $0.settings.student.weightScale == 2.0.squareRoot() }),
        (["settings", "student", "activation"], { $0.settings.student.activation == .relu }),
        (
            ["settings", "student", "weightScale"],
            { $0.settings.student.weightScale == 2.0.squareRoot() }
        ),
        (["settings", "student", "biasScale"], { $0.settings.student.biasScale == 0.1 }),
        (["settings", "teacherNoise"], { $0.settings.teacherNoise == .smooth(lengthscale: 1) }),
        (
            ["settings", "teacherNoise", "smooth", "lengthscale"],
            { $0.settings.teacherNoise == .smooth(lengthscale: 1) }
        ),
        (
            ["settings", "learningTask", "gaussianMixture", "_0", "labels"],
            { $0.mixture?.labels == .deterministic }
        ),
        (["settings", "learningTask", "gaussianMixture", "_0", "seed"], { $0.mixture?.seed == 0 }),
    ]

    @Test(arguments: absences.indices)
    func aMissingFieldMeansWhatFilesWithoutItMeant(number: Int) throws {
        let (path, has) = Self.absences[number]
        let json = try changed(Self.written[0].json, at: path) { $0 = nil }
        let sweep = try Sweep(encoded: json)
        #expect(has(sweep), "\(path)")
        #expect(try Sweep(encoded: sweep.encoded()) == sweep)
    }

    @Test(arguments: [
        ["name"], ["grid"], ["grid", "sampleSize"], ["grid", "softRatio"], ["settings"],
        ["settings", "learningTask"], ["settings", "oracleSamples"], ["settings", "testSamples"],
        ["settings", "learningTask", "gaussianMixture", "_0", "spread"],
    ])
    func whatHasNoMeaningWhenItIsMissingIsRefused(path: [String]) throws {
        let json = try changed(Self.written[0].json, at: path) { $0 = nil }
        #expect(throws: DecodingError.self) { try Sweep(encoded: json) }
    }

    @Test(arguments: [
        [], ["grid"], ["settings"], ["settings", "student"],
        ["settings", "learningTask", "gaussianMixture", "_0"],
        ["settings", "teacherNoise", "smooth"],
    ])
    func fieldsOfNewerBuildsAreIgnored(path: [String]) throws {
        let written = Self.written[0]
        let json = try changed(written.json, at: path + ["later"]) { $0 = [1] }
        let sweep = try Sweep(encoded: json)
        #expect(sweep.digest == written.digest)
        #expect(String(decoding: sweep.encoded(), as: UTF8.self) == written.json)
    }

    @Test func aTablesLengthTravelsAndIsInNoDigest() throws {
        let written = Self.written[3]
        var sweep = try Sweep(encoded: Data(written.json.utf8))
        var table = try #require(sweep.table)
        #expect(table.rows == nil && table.bytes == nil)
        (table.rows, table.bytes) = (10, 200)
        sweep.settings.learningTask = .table(table)
        #expect(sweep.digest == written.digest)
        #expect(sweep.settings.digest == written.settingsDigest)
        #expect(try Sweep(encoded: sweep.encoded()).table == table)
    }

    /// The encoding with one value changed.
    private func changed(
        _ json: String, at path: [String], _ change: (inout Any?) -> Void
    ) throws -> Data {
        func changed(_ value: Any?, _ path: ArraySlice<String>) -> Any? {
            guard let key = path.first else {
                var value = value
                change(&value)
                return value
            }
            var fields = value as? [String: Any] ?? [:]
            fields[key] = changed(fields[key], path.dropFirst())
            return fields
        }
        let value = try JSONSerialization.jsonObject(with: Data(json.utf8))
        return try JSONSerialization.data(withJSONObject: try #require(changed(value, path[...])))
    }
}

extension Sweep {
    fileprivate var mixture: GaussianMixture? {
        guard case .gaussianMixture(let mixture) = settings.learningTask else { return nil }
        return mixture
    }
}
