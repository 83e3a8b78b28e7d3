import Foundation

/// Identifies a process: no other of its host has the same, not even a later one with the same number.
package struct ProcessIdentity: Codable, Hashable, Sendable {
    package var host: String
    package var pid: Int32
    /// When it started, in the kernel's ticks since the host did; nil if that isn't known.
    package var startTicks: UInt64?

    package init(host: String, pid: Int32, startTicks: UInt64?) {
        (self.host, self.pid, self.startTicks) = (host, pid, startTicks)
    }

    package static var current: ProcessIdentity {
        ProcessIdentity(host: hostName, pid: getpid(), startTicks: startTicks(of: getpid()))
    }

    /// Nil if the process is on another host, where it can't be seen.
    package var isAlive: Bool? {
        guard host == hostName else { return nil }
        guard let ticks = Self.startTicks(of: pid) else { return false }
        return startTicks.map { $0 == ticks } ?? true
    }

    /// Nil if there is no such process, or it has ended and only its entry is left.
    private static func startTicks(of pid: Int32) -> UInt64? {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            // The process's name, in parentheses, may have any character in it.
            let end = stat.lastIndex(of: ")")
        else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
        return UInt64(fields[19])
    }
}
