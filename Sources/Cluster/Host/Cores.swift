import Foundation

/// The processors that this process may use: no more than the tightest of its bounds leaves it.
package struct Cores: Hashable, Sendable {
    /// >= 1
    package var count: Int
    /// What has no more of them.
    var holder: String

    /// - Parameters:
    ///   - affinity: those that the kernel lets the process run on, be they there or not; nil if it
    ///     isn't known. (`ProcessInfo` counts the machine's.)
    ///   - group: what the process' control group may use; nil: any.
    ///   - job: what a batch job allots it; nil if there is none or it doesn't say.
    init(machine: Int, affinity: Int?, group: Int?, job: Int?) {
        (count, holder) = (machine, "this machine")
        // Slurm often sets a job's bound as an affinity too. Then the job is named, which comes first.
        for (bound, owner) in [(job, "job"), (group, "control group"), (affinity, "process")] {
            if let bound, bound < count { (count, holder) = (bound, "this \(owner)") }
        }
        count = max(1, count)
    }

    package static var current: Cores {
        Cores(
            machine: sysconf(CInt(_SC_NPROCESSORS_ONLN)),
            affinity: number(in: Machine.allowedProcessors),
            group: ControlGroup.current?.processorLimit,
            job: Allotment.current.cores)
    }

    /// How many are in a list as the kernel writes them, `0-3,8`; nil if it isn't one.
    static func number(in list: String) -> Int? {
        var number = 0
        for range in list.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = range.split(separator: "-", omittingEmptySubsequences: false)
                .map { UInt16($0) }
            guard ends.count <= 2, let first = ends[0], let last = ends.last!, first <= last
            else { return nil }
            number += Int(last - first) + 1
        }
        return number
    }
}

extension Cores: CustomStringConvertible {
    /// `this job has 4 cores`
    package var description: String { "\(holder) has \(count) core\(count == 1 ? "" : "s")" }
}
