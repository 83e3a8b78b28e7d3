import Foundation

/// A control group (version 2), into which containers, systemd and Slurm put processes.
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
        // The path of a process that was moved out of its namespace's root has `..` in it.
        for name in line.dropFirst("0::/".count).split(separator: "/") where name != ".." {
            folder.append(path: String(name))
            folders.append(folder)
        }
        self.folders = folders
    }

    /// Bytes; nil if there is no limit.
    var memoryLimit: UInt64? {
        // "max" is no number.
        texts("memory.max").compactMap { UInt64($0) }.min()
    }

    /// Processors, a part of one counted as one; nil if there is no limit.
    var processorLimit: Int? {
        texts("cpu.max").compactMap { text in
            // Microseconds of processor time, or "max", and the period in which they may be used.
            let numbers = text.split(separator: " ").map { Int($0) }
            guard numbers.count == 2, let quota = numbers[0], let period = numbers[1],
                quota > 0, period > 0
            else { return nil }
            return (quota - 1) / period + 1
        }.min()
    }

    /// What the file of that name says in each of the folders that have one.
    private func texts(_ name: String) -> [String] {
        folders.compactMap { folder in
            let text = try? String(contentsOf: folder.appending(path: name), encoding: .utf8)
            return text?.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }
}
