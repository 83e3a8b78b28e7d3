import Foundation
import Sweep
import Testing

@Suite struct TableTests {
    @Test func rowsAreReadAsTheyStand() throws {
        let sweep = try Sweep(file: Fixtures.url("good/table.yaml"))
        let reference = try #require(sweep.table)
        let table = try Table(reference, data: reference.contents())
        #expect(reference.features == [" wide", "a \"b\" \\ c"])
        #expect(table.rowCount == 4)
        #expect(table.dimension == 2)
        #expect(table.features == [1.5, 2, 2, 3, 0.5, -6, 7, 8])
        #expect(table.labels == [false, true, false, true])
        #expect(table.teacherLogits == [-1, 0.4, 0, 9])
    }

    @Test func everyOtherColumnIsAFeature() throws {
        let text = """
            task: {kind: table, file: tables/good.csv}
            oracle_samples: 4
            test_samples: 2
            grid: {sample_size: 4}
            """
        let reference = try #require(try Fixtures.sweep(text).table)
        #expect(reference.features == ["height", "weight"])
        #expect(reference.digest == sha256(try Data(contentsOf: Fixtures.url("tables/good.csv"))))
        #expect(
            try Table(reference, data: reference.contents()).features[0..<4] == [1, 2, 2.5, -3])
    }

    @Test func otherBytesAreRefused() throws {
        let reference = try #require(try Sweep(file: Fixtures.url("good/table.yaml")).table)
        let error = try #require(throws: SweepFileError.self) {
            try Table(reference, data: Data("a,b\n".utf8))
        }
        #expect(error.description.contains("the table has changed since the sweep was checked"))
        var gone = reference
        gone.file += ".gone"
        #expect(throws: SweepFileError.self) { try gone.contents() }
    }

    @Test func aFileThatChangesAfterTheSweepWasCheckedIsNotHandedOut() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "kdsweep-table-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "t.csv")
        let text = Data("a,label,teacher_logit\n1,0,-1\n".utf8)
        try text.write(to: file)
        let reference = TableReference(
            file: file.path, digest: sha256(text), label: "label", teacherLogit: "teacher_logit",
            features: ["a"])
        #expect(try reference.contents() == text)
        try Data("a,label,teacher_logit\n1,1,-1\n".utf8).write(to: file)
        let changed = try #require(throws: SweepFileError.self) { try reference.contents() }
        #expect(changed.description.contains("t.csv: the table has changed"), "\(changed)")
        try FileManager.default.removeItem(at: file)
        let gone = try #require(throws: SweepFileError.self) { try reference.contents() }
        #expect(gone.description.contains("t.csv does not exist"), "\(gone)")
    }

    /// 1797 rows of 66 columns, in an unoptimised build too.
    @Test func digitsAreReadInNoTime() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../sweeps/data/digits.csv")
        let data = try Data(contentsOf: file)
        let header = try #require(
            String(decoding: data, as: UTF8.self).split(separator: "\n").first)
        let reference = TableReference(
            file: "digits.csv", digest: sha256(data), label: "label",
            teacherLogit: "teacher_logit",
            features: header.split(separator: ",").dropLast(2).map(String.init))
        var table: Table?
        let time = try ContinuousClock().measure { table = try Table(reference, data: data) }
        #expect(table?.rowCount == 1797)
        #expect(table?.dimension == 64)
        #expect(table?.labels.count { $0 } == 906)
        #expect(time < .seconds(2), "\(time)")
    }
}
