import Foundation

/// Where a worker runs.
package struct Machine: Hashable, Sendable {
    package var host: String
    package var pid: Int32
    /// That the process may use, see `Cores`.
    package var cores: Int
    /// Bytes that the process may use: the machine's, or the limit of its cgroup or its batch job
    /// where that is lower.
    package var memory: UInt64
    /// Until the worker is going to be shut down; nil if it may run for ever.
    package var timeLeft: Duration?
    /// Those that the worker may run on, as the kernel writes them (`0-3,8`): workers of one host
    /// with the same list share them. Empty where it isn't known.
    package var processors: String
    /// As the maker calls it, `AMD EPYC 9R14`; empty where it isn't known. With `blas` it fixes the
    /// last digits of what is computed there.
    package var processorType: String
    /// The library and the kernels that it chose for the processor, `OpenBLAS 0.3.21 Zen`.
    package var blas: String
    /// What the launcher that started the worker calls it; nil if none did.
    package var job: String?

    /// Seconds; more is as good as for ever, and would not fit a duration.
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

    /// - Parameter cpuinfo: what `/proc/cpuinfo` says; without a name, as on ARM, the part's number.
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

    /// As the machine calls itself. `ProcessInfo` would ask a name server, which can take seconds.
    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return String(
            decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
