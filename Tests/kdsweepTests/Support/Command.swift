import Foundation
import Synchronization
import Testing

/// A folder of a test's own, removed with it, in which it runs kdsweep as a user would.
final class Workspace: Sendable {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("kdsweep-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }

    /// Writes a launcher that has one worker and takes a minute for every attempt to stop it.
    func writeUnstoppableLauncher(_ name: String) throws {
        try write(
            name,
            "#!/bin/sh\ncase $1 in start) echo 7;; list) echo 7 running;; stop) sleep 60;; esac\n")
        chmod(folder.appendingPathComponent(name).path, 0o755)
    }

    func read(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
    }

    /// The CSVs of a results folder; only some sweeps have a `best.csv`.
    func csvs(_ name: String) throws -> [String] {
        let best = "\(name)/best.csv"
        return [try read("\(name)/cells.csv"), try read("\(name)/summary.csv")]
            + (exists(best) ? [try read(best)] : [])
    }

    /// Runs kdsweep to its end.
    @discardableResult
    func run(_ arguments: String...) throws -> Command.Result {
        try Command(arguments, in: folder).wait()
    }
}

/// A started kdsweep.
final class Command {
    struct Result {
        let status: Int32
        let output: String
        let errors: String
    }

    private let process = Process()
    private let output: URL
    private let errors: URL

    /// The executable that was built beside the tests.
    static let executable = Bundle.module.bundleURL.deletingLastPathComponent()
        .appendingPathComponent("kdsweep")

    /// - Parameter environment: added to this process' own.
    init(
        _ arguments: [String], in folder: URL, executable: URL = Command.executable,
        environment: [String: String] = [:]
    ) throws {
        let name = UUID().uuidString
        output = folder.appendingPathComponent(".\(name).out")
        errors = folder.appendingPathComponent(".\(name).err")
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        // No test may find or leave anything in the user's own.
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["KDSWEEP_HOME": folder.appendingPathComponent("home").path]
        ) { $1 }.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        for file in [output, errors] {
            try Data().write(to: file)
        }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    var pid: pid_t { process.processIdentifier }

    func signal(_ signal: Int32) { kill(pid, signal) }

    /// Its exit code, or the signal that ended it; nil while it runs.
    var status: Int32? { process.isRunning ? nil : process.terminationStatus }

    /// The pids of the workers, from the kernel's own list of this process' children.
    var workers: [pid_t] { Self.workers(of: pid) }

    static func workers(of pid: pid_t) -> [pid_t] {
        let tasks =
            (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        return tasks.flatMap { task in
            let list = try? String(
                contentsOfFile: "/proc/\(pid)/task/\(task)/children", encoding: .utf8)
            return (list ?? "").split(separator: " ").compactMap { pid_t($0) }
        }
    }

    /// What it has said on standard error so far.
    var errorsSoFar: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }

    func wait() throws -> Result {
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8))
    }
}

extension Duration {
    /// For what happens at once: all that a crowded machine may make of it, and less than the ten
    /// seconds of silence after which it would have happened anyway.
    static let soon = Duration.seconds(8)
}

/// Whether a process is there and not a zombie.
func isRunning(_ pid: pid_t) -> Bool {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
        let state = stat.split(separator: ")").last?.split(separator: " ").first
    else { return false }
    return state != "Z"
}

func fixture(_ name: String) -> URL {
    Bundle.module.resourceURL!.appendingPathComponent("Fixtures").appendingPathComponent(name)
}
