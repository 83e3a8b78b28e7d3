import Foundation
import Testing
import Waiting

/// Hundredths of a second that a process has had of processors.
func ticks(of pid: pid_t) -> Int {
    let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
    let fields = stat?.split(separator: ")").last?.split(separator: " ") ?? []
    return fields.count > 12 ? (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0) : 0
}

/// Waits until workers have nothing left to compute: for a second they have had next to nothing of the
/// processors.
func awaitIdleness(of workers: [pid_t]) throws {
    var (idleTicks, since) = (0, ContinuousClock.now)
    try eventually {
        let now = workers.reduce(0) { $0 + ticks(of: $1) }
        // Heartbeats take a hundredth of a second or two.
        if now > idleTicks + 10 { (idleTicks, since) = (now, .now) }
        return ContinuousClock.now - since > .seconds(1)
    }
}
