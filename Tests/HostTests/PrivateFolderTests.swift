import Foundation
import Testing

@testable import Host

@Suite struct PrivateFolderTests {
    @Test func onlyThisUserEntersAndNothingStays() throws {
        var path = ""
        do {
            let folder = try PrivateFolder()
            path = folder.path
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o700)
            try Data().write(to: URL(filePath: path + "/coordinator"))
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func aPathTooLongForASocketIsAvoided() throws {
        let parent = try PrivateFolder()
        let long = parent.path + "/" + String(repeating: "x", count: 100)
        try FileManager.default.createDirectory(atPath: long, withIntermediateDirectories: true)
        let folder = try PrivateFolder(in: long)
        #expect(folder.path.hasPrefix("/tmp/kdsweep-"))
        #expect(folder.endpoint.utf8.count - "ipc://".utf8.count <= PrivateFolder.longestPath)
    }

    @Test("A socket without a listener is no sign of a killed process while its folder is in use")
    func staleFolders() throws {
        let parent = try PrivateFolder()
        let used = try PrivateFolder(in: parent.path)
        let left = parent.path + "/kdsweep-killed"
        try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: true)
        for folder in [used.path, left] { try leaveSocket(at: folder + "/coordinator") }
        let newest = try PrivateFolder(in: parent.path)
        #expect(FileManager.default.fileExists(atPath: used.path))
        #expect(!FileManager.default.fileExists(atPath: left))
        #expect(newest.path.hasPrefix(parent.path))
    }

    /// A socket's file, at which nobody listens.
    private func leaveSocket(at path: String) throws {
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0)
    }
}
