import Foundation
import Sweep
import Testing

@Suite struct TableTests {
    @Test func rowsAreReadAsTheyStand() throws {
        let sweep = try Sweep(file: Fixtures.url("good/table.yaml"))
        let reference = try #require(sweep.table)
        let table = try Table(
            reference, data: Data(contentsOf: URL(filePath: reference.file)))
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
            grid: {sample_size: 4, soft_ratio: 0.5}
            """
        let reference = try #require(try Fixtures.sweep(text).table)
        #expect(reference.features == ["height", "weight"])
        #expect(reference.digest == sha256(try Data(contentsOf: Fixtures.url("tables/good.csv"))))
        #expect(
            try Table(reference, data: Data(contentsOf: URL(filePath: reference.file)))
                .features[0..<4] == [1, 2, 2.5, -3])
    }

    @Test func otherBytesAreRefused() throws {
        let reference = try #require(try Sweep(file: Fixtures.url("good/table.yaml")).table)
        let error = try #require(throws: SweepFileError.self) {
            try Table(reference, data: Data("a,b\n".utf8))
        }
        #expect(error.description.contains("the table has changed since the sweep was checked"))
    }

    @Test func theBytesThatWereCheckedAreHandedOut() throws {
        let file = Fixtures.url("good/table.yaml")
        let reading = try SweepReading(file: file)
        let reference = try #require(reading.sweep.table)
        let data = try #require(reading.attachments[reference.digest])
        #expect(sha256(data) == reference.digest)
        #expect(reference.rows == 4 && reference.bytes == data.count)
        #expect(try Table(reference, data: data).rowCount == 4)
        #expect(try SweepReading(file: Fixtures.url("good/defaults.yaml")).attachments.isEmpty)
    }

    @Test func aColumnThatIsJudgedUnusableIsRefused() throws {
        let error = try #require(throws: SweepFileError.self) {
            try SweepReading(file: Fixtures.url("good/table.yaml")) { sweep, table in
                #expect(table.rowCount == sweep.table?.rows)
                return ("wide", "it can't be used", "remove it")
            }
        }
        #expect(error.description.hasSuffix(".csv: column wide: it can't be used; remove it"))
    }

    // MARK: Blank lines

    private func table(_ text: String) throws -> Table {
        let data = Data(text.utf8)
        return try Table(
            TableReference(
                file: "t.csv", digest: sha256(data), label: "label", teacherLogit: "logit",
                features: ["a"]), data: data)
    }

    @Test(arguments: ["", "\n", "\r\n", "\n\n\n", "\n\r\n", "\r\n\r\n\r\n"])
    func blankLinesAtTheEndAreNoRows(end: String) throws {
        #expect(try table("a,label,logit\n1,0,2\n3,1,4" + end).features == [1, 3])
        #expect(try table("a,label,logit\r\n1,0,2\r\n\"3\",1,4" + end).features == [1, 3])
        #expect(try table("a,label,logit" + end).rowCount == 0)
    }

    @Test(arguments: ["\n", "\r\n"])
    func blankLinesAmidTheRowsAreRefused(line: String) throws {
        let error = try #require(throws: SweepFileError.self) {
            try table("a,label,logit\n1,0,2\n\(line)3,1,4\n\n")
        }
        #expect(
            error.description == "t.csv:3: the line is blank; give each row 3 fields", "\(error)")
    }

    /// What is taken apart and what is read where it stands may follow each other in any order.
    @Test func quotedAndPlainLinesAreReadAlike() throws {
        let text = """
            a,label,unused,logit
            1.5,0,"x, y
            z",2
            2.5,1,plain,-4
            "3.5",1,,1e1
            4.5,0,a  b,.5
            5.5,0.0,"", 6
            """
        let data = Data(text.utf8)
        let table = try Table(
            TableReference(
                file: "t.csv", digest: sha256(data), label: "label", teacherLogit: "logit",
                features: ["a"]), data: data)
        #expect(table.features == [1.5, 2.5, 3.5, 4.5, 5.5])
    }

    @Test func faultsHaveTheirLinesAfterPlainAndQuotedOnes() throws {
        let error = try #require(throws: SweepFileError.self) {
            try table("a,label,logit\n1,0,2\n\"1\",0,2\n1,2,2\n1,0,2\n1,0,x\n1,1,1e999\n1,0\n")
        }
        #expect(
            error.description == """
                t.csv:4: column label: 2 is no label; give 0 or 1
                t.csv:6: column logit: x is not a finite number; give the teacher's logit
                t.csv:7: column logit: 1e999 is not a finite number; give the teacher's logit
                t.csv:8: the row has 2 fields, the header 3; give each row 3 fields
                """, "\(error)")
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
