import Foundation

/// How many processors this process may use: the least that the machine, its affinity, its control group
/// and its batch job allow.
package struct Cores: Hashable, Sendable {
    /// >= 1
    package var count: Int
    /// What allows no more than these, for messages: `this machine`, `this job`.
    var holder: String

    /// - Parameters:
    ///   - affinity: how many the kernel lets the process run on, present or not; nil if that isn't known.
    ///     (`ProcessInfo` counts the machine's.)
    ///   - group: how many the process' control group may use; nil: any number.
    ///   - job: how many a batch job allots it; nil if there is no job or it doesn't say.
    init(machine: Int, affinity: Int?, group: Int?, job: Int?) {
        (count, holder) = (machine, "this machine")
        // The job comes first: Slurm often sets its bound as an affinity too, and a user knows the job.
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

    /// How many processors a list has that is written as the kernel does, `0-3,8`; nil if it isn't one.
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
