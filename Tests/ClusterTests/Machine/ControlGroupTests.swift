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
        for (group, limit, quota) in [
            ("", "max", nil), ("job", "3000000000", "250000 100000"),
            ("job/step", "max", "max 100000"), ("job/half", "max", "50000 100000"),
            ("odd", "max", "100000"),
        ] {
            let folder = root.url.appending(path: group)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data("\(limit)\n".utf8).write(to: folder.appending(path: "memory.max"))
            // The uppermost has none.
            if let quota {
                try Data("\(quota)\n".utf8).write(to: folder.appending(path: "cpu.max"))
            }
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

    @Test(
        arguments: [
            ("0::/job/step\n", 3), ("0::/job\n", 3), ("0::/job/half\n", 1), ("0::/\n", nil),
            ("0::/odd\n", nil),
        ] as [(String, Int?)])
    func aPartOfAProcessorCountsAsOne(groups: String, limit: Int?) throws {
        let group = try #require(ControlGroup(groups: groups, root: root.url))
        #expect(group.processorLimit == limit)
    }

    @Test func withoutGroupsOfVersion2ThereIsNone() {
        #expect(ControlGroup(groups: "4:memory:/old\n", root: root.url) == nil)
        #expect(ControlGroup(groups: "", root: root.url) == nil)
    }

    @Test func aMachineHasNoMoreThanItsMemoryAndItsProcessors() {
        let machine = Machine.current
        #expect(machine.memory > 0 && machine.memory <= ProcessInfo.processInfo.physicalMemory)
        let processors = ProcessInfo.processInfo.activeProcessorCount
        #expect(machine.cores > 0 && machine.cores <= processors)
    }
}
