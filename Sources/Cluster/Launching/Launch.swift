import Foundation
import Scheduling
import Sweep

/// Where workers are to come from: an executable that starts, lists and stops them, as
/// `cluster/README.md` has it, and what it needs to know.
public struct Launch: Sendable {
    /// What users call it, as `slurm`.
    public var name: String
    /// A path.
    public var executable: String
    /// In the launcher's own language, as `--partition=short`.
    public var options: [String]
    /// What the workers of this run go by, and those of no other.
    public var run: String
    /// What starts a worker where it is to run: the executable and its arguments.
    public var command: [String]
    /// The access file that `command` names.
    public var access: URL
    /// For the workers' output, one file each, and whatever the launcher has to remember.
    public var folder: URL
    /// BLAS threads of each worker.
    public var threads: Int
    public var growth: Growth.Settings

    public init(
        name: String, executable: String, options: [String], run: String, command: [String],
        access: URL, folder: URL, threads: Int, growth: Growth.Settings
    ) {
        self.name = name
        self.executable = executable
        self.options = options
        self.run = run
        self.command = command
        self.access = access
        self.folder = folder
        self.threads = threads
        self.growth = growth
    }

    /// What the launcher is told to do.
    enum Request: Hashable, Sendable {
        case list
        case start(Int)
        case stop([JobID])
    }

    func arguments(of order: Request) -> [String] {
        switch order {
        case .list: ["list", run]
        case .start(let count): ["start", run, "\(count)"] + options + ["--"] + command
        case .stop(let jobs): ["stop", run] + jobs
        }
    }

    var environment: [String: String] {
        [
            "KDSWEEP_FOLDER": folder.path, "KDSWEEP_ACCESS": access.path,
            "KDSWEEP_THREADS": "\(threads)",
        ]
    }

    /// What the order has come to, by what the launcher printed.
    static func outcome(of order: Request, output: String) -> Growth.Event {
        let lines = output.split(separator: "\n")
            .map { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
            .filter { !$0.isEmpty }
        switch order {
        case .stop: return .stopped
        case .start:
            if let odd = lines.first(where: { $0.count != 1 }) {
                return .failed(
                    reason: "it printed '\(odd.joined(separator: " "))' for a worker's id")
            }
            return .started(lines.map { $0[0] })
        case .list:
            var places: [JobID: Growth.Place] = [:]
            for line in lines {
                switch line.dropFirst() {
                case ["queued"]: places[line[0]] = .queued
                case ["running"]: places[line[0]] = .running
                default:
                    return .failed(
                        reason: "it printed '\(line.joined(separator: " "))', which is neither "
                            + "'ID queued' nor 'ID running'")
                }
            }
            return .listed(places)
        }
    }

    /// What the job's worker last said; nil if it said nothing that can be seen from here.
    func lastWords(of job: JobID) -> String? {
        let text = try? String(contentsOf: log(of: job), encoding: .utf8)
        return text?.split(separator: "\n").last.map { oneLine(String($0)) }
    }

    func log(of job: JobID) -> URL { folder.appending(path: "\(job).log") }

    /// Logs without a word in them are of no use to anybody.
    func removeEmptyLogs() {
        let files = try? FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: [.fileSizeKey])
        for file in files ?? [] where file.pathExtension == "log" {
            let size = try? file.resourceValues(forKeys: [.fileSizeKey]).fileSize
            if size == 0 { try? FileManager.default.removeItem(at: file) }
        }
        // rmdir removes the folder only if it is empty.
        rmdir(folder.path)
    }
}
