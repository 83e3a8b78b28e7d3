import Cluster
import Foundation

/// When a batch job ends, and when a worker in it has to leave before that.
struct JobEnd: Hashable {
    /// >= 0
    let timeLeft: Duration

    /// How long before the job's end the worker leaves, so that it can hand its tasks back.
    var margin: Duration { min(.seconds(10), timeLeft / 20) }
    var timeLimit: Duration { timeLeft - margin }

    init(_ end: Date, now: Date = .now) {
        timeLeft = .seconds(max(0, end.timeIntervalSince(now)))
    }

    /// When the job that this process is in ends; nil if it is in none, if the job may stay for ever, or
    /// if that can't be found out. If the environment doesn't say, `squeue` is asked: that takes
    /// milliseconds, or five seconds if Slurm's controller doesn't answer.
    static var date: Date? {
        let allotment = Allotment.current
        return allotment.end
            ?? allotment.number.flatMap(Self.answer)
            .flatMap { timeLeft(squeue: $0) }.map { Date(timeIntervalSinceNow: $0) }
    }

    /// What `squeue` prints for the time that a job has left; nil if it fails.
    private static func answer(job: String) -> String? {
        let squeue = Process()
        let output = Pipe()
        squeue.executableURL = URL(filePath: "/usr/bin/env")
        squeue.arguments = ["squeue", "--noheader", "--jobs", job, "--format", "%L"]
        squeue.standardInput = FileHandle.nullDevice
        squeue.standardOutput = output
        squeue.standardError = FileHandle.nullDevice
        let hasEnded = DispatchSemaphore(value: 0)
        squeue.terminationHandler = { _ in hasEnded.signal() }
        guard (try? squeue.run()) != nil else { return nil }
        guard hasEnded.wait(timeout: .now() + 5) == .success else {
            kill(squeue.processIdentifier, SIGKILL)
            return nil
        }
        return String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    }

    /// - Parameter squeue: `DAYS-HOURS:MINUTES:SECONDS`, without the first ones where they are 0; or
    ///   a word, such as `UNLIMITED`.
    /// - Returns: seconds; nil if it isn't a time.
    static func timeLeft(squeue: String) -> TimeInterval? {
        let text = squeue.trimmingCharacters(in: .whitespacesAndNewlines)
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let days = parts.count == 2 ? Int(parts[0]) : 0
        let clock = (parts.last ?? "").split(separator: ":", omittingEmptySubsequences: false)
            .map { UInt16($0) }
        guard parts.count <= 2, let days, (0..<100_000).contains(days),
            (2...3).contains(clock.count), !clock.contains(nil)
        else { return nil }
        return clock.reduce(0) { $0 * 60 + TimeInterval($1!) } + TimeInterval(days) * 86400
    }
}

extension JobEnd: CustomStringConvertible {
    /// `its job ends in 59 min; it leaves 10 s before`
    var description: String {
        "its job ends in \(Self.text(timeLeft)); it leaves \(Self.text(margin)) before"
    }

    private static func text(_ duration: Duration) -> String {
        let seconds = duration / .seconds(1)
        switch seconds {
        case ..<1: return "\((seconds * 100).rounded() / 100) s"
        case ..<120: return "\(Int(seconds.rounded())) s"
        case ..<7200: return "\(Int(seconds / 60)) min"
        default: return "\(Int(seconds / 3600)) h"
        }
    }
}
