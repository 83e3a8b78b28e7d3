import Foundation
import Testing

@testable import Host

@Suite struct ReasonTests {
    @Test("Foundation's errors are told in the system's words")
    func words() throws {
        let folder = try PrivateFolder()
        let missing = URL(filePath: folder.path + "/none/at/all")
        func words(_ body: () throws -> Void) -> String {
            do {
                try body()
                return ""
            } catch { return reason(of: error) }
        }
        #expect(words { _ = try Data(contentsOf: missing) } == "No such file or directory")
        #expect(words { try Data().write(to: missing) } == "No such file or directory")
        #expect(
            words { _ = try Data(contentsOf: URL(filePath: folder.path)) } == "it can't be read")
        #expect(
            words { _ = try FileManager.default.contentsOfDirectory(atPath: missing.path) }
                == "No such file or directory")
        try Data().write(to: URL(filePath: folder.path + "/file"))
        #expect(
            words {
                try FileManager.default.createDirectory(
                    atPath: folder.path + "/file/inside", withIntermediateDirectories: true)
            } == "it can't be written")
    }
}
