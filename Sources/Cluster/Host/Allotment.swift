import Foundation

/// What a batch job allots this process, as Slurm and the job's launcher say in its environment. What
/// they don't say, or what makes no sense there, is nil.
package struct Allotment: Hashable, Sendable {
    package var cores: Int?
    /// Bytes; nil also where the job may use all there are.
    package var memory: UInt64?
    /// When Slurm ends the job. Before version 23.02 it doesn't say.
    package var end: Date?
    /// Slurm's number for the job.
    package var number: String?
    /// What the launcher that asked for the job calls it.
    package var job: String?

    /// - Parameter environment: of the process.
    package init(_ environment: [String: String]) {
        func number(_ key: String) -> Int? {
            guard let number = Self.number(environment[key]), number > 0 else { return nil }
            return number
        }
        job = environment["KDSWEEP_JOB"].flatMap { $0.isEmpty ? nil : $0 }
        // The rest may be left from a job where nothing says that this is one.
        self.number = Self.number(environment["SLURM_JOB_ID"]).map(String.init)
        guard self.number != nil else { return }
        // Those that share the node with this process; a batch script itself shares it with none.
        let tasks = max(1, Self.tasksOnNode(environment["SLURM_STEP_TASKS_PER_NODE"]) ?? 1)
        cores =
            number("SLURM_CPUS_PER_TASK")
            ?? number("SLURM_CPUS_ON_NODE").map { max(1, $0 / tasks) }
        if let perCore = number("SLURM_MEM_PER_CPU") {
            memory = cores.flatMap { cores in
                let product = (Self.mebibyte * UInt64(perCore))
                    .multipliedReportingOverflow(by: UInt64(cores))
                return product.overflow ? nil : product.partialValue
            }
        } else {
            memory = number("SLURM_MEM_PER_NODE").map {
                Self.mebibyte * UInt64($0) / UInt64(tasks)
            }
        }
        end = number("SLURM_JOB_END_TIME").map { Date(timeIntervalSince1970: Double($0)) }
    }

    /// As in `4`, `2(x3)` and `2,1`: the first nodes have the most.
    private static func tasksOnNode(_ text: String?) -> Int? {
        number(text.map { String($0.prefix { $0.isNumber }) })
    }

    /// Nil also if it is larger than any that Slurm means, such as 0xfffffffe for none.
    private static func number(_ text: String?) -> Int? {
        text.flatMap { Int($0) }.flatMap { (0..<0xffff_fff0).contains($0) ? $0 : nil }
    }

    /// This process'.
    package static var current: Allotment { Allotment(ProcessInfo.processInfo.environment) }

    private static let mebibyte: UInt64 = 1 << 20
}
