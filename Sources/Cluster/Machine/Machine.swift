import Foundation
import Host

/// Where a worker runs.
package struct Machine: Hashable, Sendable {
    package var host: String
    package var pid: Int32
    /// How many cores the process may use, see `Cores`.
    package var cores: Int
    /// Bytes that the process may use: the machine's, or the limit of its cgroup or its batch job
    /// where that is lower.
    package var memory: UInt64
    /// How long until the worker is shut down; nil if it may run for ever.
    package var timeLeft: Duration?
    /// The processors that the worker may run on, as the kernel writes them (`0-3,8`); empty if not known.
    /// Workers of one host with the same list share these processors.
    package var processors: String
    /// The maker's name of the processor, `AMD EPYC 9R14`; empty if not known. The last digits of what is
    /// computed there depend on it and on `blas`.
    package var processorType: String
    /// The BLAS library and the kernels that it chose for the processor, `OpenBLAS 0.3.21 Zen`.
    package var blas: String
    /// The id that the launcher gave the worker; nil if no launcher started it.
    package var job: String?

    /// Seconds, some thirty years. A longer time is cut to this, as it might not fit a `Duration`.
    static let longestTimeLeft = 1e9

    package init(
        host: String, pid: Int32, cores: Int, memory: UInt64, timeLeft: Duration? = nil,
        processors: String = "", processorType: String = "", blas: String = "",
        job: String? = nil
    ) {
        self.host = host
        self.pid = pid
        self.cores = cores
        self.memory = memory
        self.timeLeft = timeLeft
        self.processors = processors
        self.processorType = processorType
        self.blas = blas
        self.job = job
    }

    /// Processors that workers share.
    struct Place: Hashable, Sendable {
        var host: String
        var processors: String
    }

    var place: Place { Place(host: host, processors: processors) }

    /// This process and the machine it runs on.
    package static var current: Machine {
        let process = ProcessInfo.processInfo
        let allotment = Allotment.current
        return Machine(
            host: hostName, pid: process.processIdentifier, cores: Cores.current.count,
            memory: min(
                process.physicalMemory, ControlGroup.current?.memoryLimit ?? .max,
                allotment.memory ?? .max, AddressSpace.current.available ?? .max),
            processors: allowedProcessors, processorType: processorType, job: allotment.job)
    }

    private static var processorType: String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        return processorType(cpuinfo: text)
    }

    /// The processor's name, or its part's number where it has no name, as on ARM.
    ///
    /// - Parameter cpuinfo: what `/proc/cpuinfo` says.
    static func processorType(cpuinfo: String) -> String {
        func value(_ key: String) -> String? {
            let line = cpuinfo.split(separator: "\n").first { $0.hasPrefix(key) }
            return line?.split(separator: ":", maxSplits: 1).last
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
        if let name = value("model name") { return name }
        return [value("CPU implementer"), value("CPU part")].compactMap { $0 }
            .joined(separator: " ")
    }

    static var allowedProcessors: String {
        let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
        return line?.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
    }
}
