import Foundation
import Testing

@testable import Host

@Suite struct AtomicFileTests {
    @Test("A file appears whole or not at all, and no temporary one stays")
    func wholeOrNotAtAll() throws {
        let folder = try PrivateFolder()
        let file = URL(filePath: folder.path).appending(path: "cells.csv")
        func names() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        }
        do {
            let given = try AtomicFile(replacing: file)
            try given.write([65])
            #expect(try names().count == 1 && !names().contains("cells.csv"))
            _ = consume given
        }
        #expect(try names() == [])
        for content in ["first", "second"] {
            let given = try AtomicFile(replacing: file)
            try given.write(Array(content.utf8))
            try given.commit()
            #expect(try String(contentsOf: file, encoding: .utf8) == content)
            _ = consume given
            #expect(try names() == ["cells.csv"])
        }
    }

    @Test("What can't be written is an error that names the file, and the old one stays")
    func refused() throws {
        let folder = try PrivateFolder()
        let missing = URL(filePath: folder.path).appending(path: "none/cells.csv")
        let error = #expect(throws: SystemError.self) { _ = try AtomicFile(replacing: missing) }
        #expect("\(error!)" == "write \(missing.path): No such file or directory")
        let blocked = URL(filePath: folder.path).appending(path: "blocked")
        try PrivateFile.makeFolder(blocked)
        #expect(throws: SystemError.self) { try PrivateFile.write([65], to: blocked) }
        var isFolder: ObjCBool = false
        #expect(FileManager.default.fileExists(atPath: blocked.path, isDirectory: &isFolder))
        #expect(isFolder.boolValue)
    }

    @Test("A private file is its user's alone, and the remains of killed writers of it go")
    func privateFile() throws {
        let folder = try PrivateFolder()
        let file = URL(filePath: folder.path).appending(path: "a/b/keys.json")
        try PrivateFile.makeFolder(file.deletingLastPathComponent())
        let (stale, other) = (".keys.json.1-2.partial", ".else.json.1-2.partial")
        for name in [stale, other] {
            try Data().write(to: file.deletingLastPathComponent().appending(path: name))
        }
        try PrivateFile.write(Array("secret".utf8), to: file)
        let names = try FileManager.default.contentsOfDirectory(
            atPath: file.deletingLastPathComponent().path)
        #expect(names.sorted() == [other, "keys.json"])
        for (path, mode) in [(file.path, 0o600), (folder.path + "/a", 0o700)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == mode)
        }
    }
}
