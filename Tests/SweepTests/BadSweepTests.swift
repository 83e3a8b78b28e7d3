import Foundation
import Sweep
import Testing

/// Every `bad/NAME.yaml` is refused with the message in `bad/NAME.txt`, word for word.
///
/// `KDSWEEP_RECORD=1 swift test` writes the messages anew; read the difference before committing it.
@Suite struct BadSweepTests {
    @Test(arguments: Fixtures.names(in: "bad", ending: "yaml"))
    func refusal(name: String) throws {
        let file = Fixtures.url("bad/\(name).yaml")
        let error = try #require(throws: SweepFileError.self) { try Sweep(file: file) }
        if let source = Fixtures.recording {
            let snapshot = source.appending(path: "bad/\(name).txt")
            try "\(error)\n".write(to: snapshot, atomically: true, encoding: .utf8)
        } else {
            let url = Fixtures.url("bad/\(name).txt")
            let expected = try #require(
                try? String(contentsOf: url, encoding: .utf8), "record it with KDSWEEP_RECORD=1")
            #expect("\(error)\n" == expected)
        }
    }

    @Test func thereAreManyBadSweeps() {
        #expect(Fixtures.names(in: "bad", ending: "yaml").count >= 35)
    }

    @Test func missingFile() throws {
        let file = Fixtures.url("bad/nothing.yaml")
        let error = try #require(throws: SweepFileError.self) { try Sweep(file: file) }
        #expect(
            error.description
                == "bad/nothing.yaml: bad/nothing.yaml does not exist; give the path of a sweep file"
        )
    }
}
