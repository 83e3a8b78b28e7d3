import Foundation

/// What a batch job allots this process, as Slurm and the job's launcher say in its environment. A value
/// that they don't give, or that makes no sense, is nil.
package struct Allotment: Hashable, Sendable {
    package var cores: Int?
    /// Bytes; nil also if the job may use all that the machine has.
    package var memory: UInt64?
    /// When Slurm ends the job. Slurm before version 23.02 doesn't say.
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
        // Without a job's number this is no job: other variables may be left from one that started this shell.
        self.number = Self.number(environment["SLURM_JOB_ID"]).map(String.init)
        guard self.number != nil else { return }
        // How many processes of the job step share this node; a batch script is no step and has it alone.
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

    /// The first number of `4`, `2(x3)` or `2,1`: that of the first node, which has the most tasks.
    private static func tasksOnNode(_ text: String?) -> Int? {
        number(text.map { String($0.prefix { $0.isNumber }) })
    }

    /// Nil also for the large numbers that mean none to Slurm, such as 0xfffffffe.
    private static func number(_ text: String?) -> Int? {
        text.flatMap { Int($0) }.flatMap { (0..<0xffff_fff0).contains($0) ? $0 : nil }
    }

    /// This process'.
    package static var current: Allotment { Allotment(ProcessInfo.processInfo.environment) }

    private static let mebibyte: UInt64 = 1 << 20
}
