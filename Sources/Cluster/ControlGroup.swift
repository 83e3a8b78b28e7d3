import Foundation

/// A control group (version 2), as containers, systemd and Slurm put processes into.
struct ControlGroup {
    /// The group's folder and those of its parents, whose limits hold as well.
    private let folders: [URL]

    /// This process' group; nil where there is none.
    static var current: ControlGroup? {
        guard let groups = try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)
        else { return nil }
        return ControlGroup(groups: groups, root: URL(filePath: "/sys/fs/cgroup"))
    }

    /// - Parameters:
    ///   - groups: what `/proc/self/cgroup` says.
    ///   - root: where the hierarchy is mounted.
    init?(groups: String, root: URL) {
        guard let line = groups.split(separator: "\n").first(where: { $0.hasPrefix("0::/") })
        else { return nil }
        var folder = root
        var folders = [root]
        // A process that was moved out of its namespace's root has `..` in its path.
        for name in line.dropFirst("0::/".count).split(separator: "/") where name != ".." {
            folder.append(path: String(name))
            folders.append(folder)
        }
        self.folders = folders
    }

    /// Bytes; nil if there is no limit.
    var memoryLimit: UInt64? {
        folders.compactMap { folder in
            let file = folder.appending(path: "memory.max")
            let text = try? String(contentsOf: file, encoding: .utf8)
            // "max" is no number.
            return text.flatMap { UInt64($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        }.min()
    }
}
