import Cluster
import Foundation

/// Identifies a process: no other of its host has the same, not even a later one with the same number.
struct ProcessIdentity: Codable, Hashable {
    var host: String
    var pid: Int32
    /// When it started, in the kernel's ticks since the host did; nil if that isn't known.
    var startTicks: UInt64?

    static var current: ProcessIdentity {
        let machine = Machine.current
        return ProcessIdentity(
            host: machine.host, pid: machine.pid, startTicks: startTicks(of: machine.pid))
    }

    /// Nil if the process is on another host, where it can't be seen.
    var isAlive: Bool? {
        guard host == Machine.current.host else { return nil }
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
