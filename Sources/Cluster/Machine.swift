import Foundation

/// Where a worker runs.
package struct Machine: Hashable, Sendable {
    package var host: String
    package var pid: Int32
    package var cores: Int
    /// Bytes that the process may use: the machine's, or its cgroup's limit where that is lower.
    package var memory: UInt64
    /// Until the worker is going to be shut down; nil if it may run for ever.
    package var timeLeft: Duration?

    /// Seconds; more is as good as for ever, and would not fit a duration.
    static let longestTimeLeft = 1e9

    package init(host: String, pid: Int32, cores: Int, memory: UInt64, timeLeft: Duration? = nil) {
        self.host = host
        self.pid = pid
        self.cores = cores
        self.memory = memory
        self.timeLeft = timeLeft
    }

    /// This process and the machine it runs on.
    static var current: Machine {
        let process = ProcessInfo.processInfo
        return Machine(
            host: hostName, pid: process.processIdentifier, cores: process.activeProcessorCount,
            memory: min(process.physicalMemory, ControlGroup.current?.memoryLimit ?? .max))
    }

    /// As the machine calls itself. `ProcessInfo` would ask a name server, which can take seconds.
    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return String(
            decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
