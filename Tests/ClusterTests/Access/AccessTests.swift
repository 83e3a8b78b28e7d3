import Foundation
import Host
import Testing

@testable import Cluster

/// The files by which workers find a coordinator, and coordinators their predecessor's keys.
struct AccessTests {
    /// Removed with the test.
    private final class Folder {
        let url = FileManager.default.temporaryDirectory.appending(
            path: "kdsweep-test-\(UUID().uuidString.prefix(8))")

        deinit { try? FileManager.default.removeItem(at: url) }
    }

    private let folder = Folder()
    private let identity: Identity
    private var access: AccessFolder {
        AccessFolder(environment: ["KDSWEEP_HOME": folder.url.path])
    }

    init() throws { identity = try Identity() }

    private func mode(_ url: URL) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int
    }

    @Test func anAccessFileIsReadAsItWasWrittenByItsOwnerAlone() throws {
        let file = access.file(for: identity, sweep: "s")
        let written = AccessFile(identity: identity, sweep: "s", hosts: ["a", "10.0.0.1"], port: 5)
        try written.write(to: file)
        #expect(try AccessFile(contentsOf: file) == written)
        #expect(try mode(file) == 0o600 && mode(access.url) == 0o700)
        #expect(!AccessFile.isExposed(file))
        for mode in [0o640, 0o604, 0o620] {
            try FileManager.default.setAttributes(
                [.posixPermissions: mode], ofItemAtPath: file.path)
            #expect(AccessFile.isExposed(file))
        }
        // What a killed process left amid its writing goes, and a second writing replaces the first.
        try Data("secret".utf8).write(
            to: access.url.appending(path: ".\(file.lastPathComponent).1-2.partial"))
        let moved = AccessFile(identity: identity, sweep: "s", hosts: ["b"], port: 6)
        try moved.write(to: file)
        #expect(try AccessFile(contentsOf: file) == moved)
        #expect(try FileManager.default.contentsOfDirectory(atPath: access.url.path).count == 1)
    }

    @Test func theNewestFileIsTheOneThatWasWrittenLast() throws {
        #expect(throws: AccessError.self) { try access.newest() }
        let other = try Identity()
        for (age, owner) in [(0.0, identity), (100, other)] {
            let file = access.file(for: owner, sweep: "s")
            try AccessFile(identity: owner, sweep: "s", hosts: ["a"], port: 5).write(to: file)
            try FileManager.default.setAttributes(
                [.modificationDate: Date() - age], ofItemAtPath: file.path)
        }
        #expect(access.file(for: identity, sweep: "s") != access.file(for: other, sweep: "s"))
        #expect(
            try access.newest().lastPathComponent
                == access.file(for: identity, sweep: "s").lastPathComponent)
    }

    @Test func anIdentityIsKeptWholeAndSpoiltOnesAreNamed() throws {
        try PrivateFile.makeFolder(folder.url)
        let file = folder.url.appending(path: ".coordinator.json")
        #expect(try Identity(keptIn: file) == nil)
        var kept = identity
        kept.port = 5555
        try kept.keep(in: file)
        #expect(try Identity(keptIn: file) == kept && mode(file) == 0o600)
        try Data("{}".utf8).write(to: file)
        let error = #expect(throws: AccessError.self) { _ = try Identity(keptIn: file) }
        #expect("\(error!)".contains(".coordinator.json"))
    }

    @Test func addressesAreReadWithTheirWildcards() throws {
        let all = try ListeningAddress("tcp://*:5555")
        #expect(try all.port == 5555 && all.endpoint(usual: 7) == "tcp://*:5555")
        #expect(all.hosts.first == Machine.current.host && all.hosts.last!.hasPrefix("127."))
        let free = try ListeningAddress("tcp://127.0.0.1:*")
        #expect(try free.endpoint(usual: nil) == "tcp://127.0.0.1:*" && free.hosts == ["127.0.0.1"])
        #expect(try free.endpoint(usual: 7) == "tcp://127.0.0.1:7")
        let sixth = try ListeningAddress("tcp://[::1]:*")
        #expect(try sixth.endpoint(usual: 7) == "tcp://[::1]:7" && sixth.hosts == ["::1"])
        let both = try ListeningAddress("tcp://[::]:5")
        #expect(try both.endpoint(usual: nil) == "tcp://[::]:5" && both.hosts.contains("127.0.0.1"))
        for text in [
            "", "tcp://:1", "tcp://*:0", "tcp://*:x", "udp://*:5", "*:5", "tcp://::1:5",
            "tcp://[1]:5", "tcp://[::g]:5", "tcp://[::1]", "tcp://[]:5",
        ] {
            #expect(throws: AccessError.self, "\(text)") { try ListeningAddress(text) }
        }
    }
}
