import Foundation
import Testing

@testable import Cluster

/// A hierarchy of control groups as the kernel would show it.
@Suite struct ControlGroupTests {
    private let root: Folder

    /// A class only because it is removed at the end.
    private final class Folder {
        let url = FileManager.default.temporaryDirectory.appending(path: "cgroup-\(UUID())")
        deinit { try? FileManager.default.removeItem(at: url) }
    }

    init() throws {
        root = Folder()
        for (group, limit) in [("", "max"), ("job", "3000000000"), ("job/step", "max")] {
            let folder = root.url.appending(path: group)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data("\(limit)\n".utf8).write(to: folder.appending(path: "memory.max"))
        }
    }

    @Test(
        arguments: [
            ("0::/job/step\n", 3_000_000_000), ("0::/job\n", 3_000_000_000), ("0::/\n", nil),
            ("0::/../job/step\n", 3_000_000_000), ("0::/elsewhere\n", nil),
            ("4:memory:/old\n0::/job\n", 3_000_000_000),
        ] as [(String, UInt64?)])
    func theLowestLimitOnTheWayHolds(groups: String, limit: UInt64?) throws {
        let group = try #require(ControlGroup(groups: groups, root: root.url))
        #expect(group.memoryLimit == limit)
    }

    @Test func withoutGroupsOfVersion2ThereIsNone() {
        #expect(ControlGroup(groups: "4:memory:/old\n", root: root.url) == nil)
        #expect(ControlGroup(groups: "", root: root.url) == nil)
    }

    @Test func aMachineHasNoMoreThanItsMemory() {
        let memory = Machine.current.memory
        #expect(memory > 0 && memory <= ProcessInfo.processInfo.physicalMemory)
    }
}
