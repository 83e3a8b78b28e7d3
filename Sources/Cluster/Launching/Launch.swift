import Foundation
import Scheduling
import Sweep

/// A launcher: an executable that starts, lists and stops workers, as `cluster/README.md` describes, and
/// what it needs to know.
public struct Launch: Sendable {
    /// What users call it, as `slurm`.
    public var name: String
    /// The launcher's path.
    public var executable: String
    /// Options of the launcher's own, as `--partition=short`.
    public var options: [String]
    /// The name by which the launcher knows this run's workers; no other run has it.
    public var run: String
    /// The command that starts a worker where it is to run: the executable and its arguments.
    public var command: [String]
    /// The access file that `command` names.
    public var access: URL
    /// The folder for the workers' output, one file each, and for what the launcher has to remember.
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

    /// What became of the order, read from what the launcher printed.
    static func outcome(of order: Request, output: String) -> Growth.Event {
        let lines = output.split(separator: "\n")
            .map { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
            .filter { !$0.isEmpty }
        switch order {
        case .stop: return .stopped
        case .start:
            if let odd = lines.first(where: { $0.count != 1 }) {
                return .failed(
                    reason:
                        "it printed '\(odd.joined(separator: " "))' where a worker's id should be")
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

    /// The last line of the output of the job's worker; nil if none can be read from here.
    func lastWords(of job: JobID) -> String? {
        let text = try? String(contentsOf: log(of: job), encoding: .utf8)
        return text?.split(separator: "\n").last.map { oneLine(String($0)) }
    }

    func log(of job: JobID) -> URL { folder.appending(path: "\(job).log") }

    /// Removes the workers' empty output files, and the folder if nothing else is in it.
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
