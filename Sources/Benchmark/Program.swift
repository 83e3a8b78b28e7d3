import Foundation

/// A program that was built beside this one.
struct Program {
    let name: String

    static let kdsweep = Program(name: "kdsweep")
    /// This one, for what a figure has done by a process of its own.
    static let errand = Program(name: "Benchmark")

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Wall time of a run, and what it printed.
    ///
    /// - Throws: where it fails, with what it said.
    @discardableResult
    func run(_ arguments: [String], in folder: Scratch) throws -> (time: Duration, output: String) {
        let clock = ContinuousClock()
        let start = clock.now
        let process = try Started(self, arguments, in: folder)
        let output = try process.wait()
        return (clock.now - start, output)
    }

    /// A process that is killed when the last reference goes.
    final class Started {
        private let process = Process()
        private let end = DispatchSemaphore(value: 0)
        private let command: String
        private let output: URL
        private let errors: URL

        init(_ program: Program, _ arguments: [String], in folder: Scratch) throws {
            let beside = Bundle.main.executableURL!.deletingLastPathComponent()
            command = ([program.name] + arguments).joined(separator: " ")
            output = try folder.newFile()
            errors = try folder.newFile()
            process.executableURL = beside.appending(path: program.name)
            process.arguments = arguments
            process.currentDirectoryURL = folder.url
            // A home folder of its own: the benchmark reads and leaves nothing in the user's.
            process.environment = ProcessInfo.processInfo.environment.merging(
                ["KDSWEEP_HOME": folder.url.appending(path: "home").path]) { $1 }
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = try FileHandle(forWritingTo: output)
            process.standardError = try FileHandle(forWritingTo: errors)
            process.terminationHandler = { [end] _ in end.signal() }
            try process.run()
        }

        deinit {
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }

        /// Returns when it has said so on standard error.
        func await(_ words: String) throws { try self.await(until: { try said().contains(words) }) }

        /// Returns when this holds, or fails when it ends before.
        func await(until condition: () throws -> Bool) throws {
            while try !condition() {
                guard process.isRunning else { throw try failure() }
                usleep(1_000)
            }
        }

        func signal(_ signal: Int32) { kill(process.processIdentifier, signal) }

        /// What it printed.
        ///
        /// - Parameter status: the exit code that is no failure.
        func wait(for status: Int32 = 0) throws -> String {
            // `waitUntilExit` looks every 50 ms only, which would be a part of the time that is measured.
            end.wait()
            guard process.terminationStatus == status else { throw try failure() }
            return try String(contentsOf: output, encoding: .utf8)
        }

        /// On standard error so far.
        func said() throws -> String { try String(contentsOf: errors, encoding: .utf8) }

        private func failure() throws -> Failure {
            Failure(
                description: "\(command) ended with \(process.terminationStatus): \(try said())")
        }
    }
}

/// A temporary folder, removed with it.
final class Scratch {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appending(path: "kdsweep-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// An empty file of a name that no other has.
    func newFile() throws -> URL { try write(UUID().uuidString, "") }

    func write(_ name: String, _ text: String) throws -> URL {
        let file = url.appending(path: name)
        try Data(text.utf8).write(to: file)
        return file
    }
}

/// Bytes that were resident at most in this process so far.
func peakMemory() -> Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    guard let size = line?.split(separator: " ").dropFirst().first.flatMap({ Double($0) }) else {
        preconditionFailure("Linux tells a process its peak")
    }
    return size * 1024
}
