import Foundation

/// A program that was built beside this one.
struct Program {
    let name: String

    static let kdsweep = Program(name: "kdsweep")
    /// This program itself, for work that a figure has done in a process of its own.
    static let errand = Program(name: "Benchmark")

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs the program, and returns the wall time and what it printed.
    ///
    /// - Throws: if the program fails, with its messages.
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
            // A separate home folder, so that the benchmark reads and writes nothing in the user's.
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

        /// Returns once the program has written these words to standard error.
        func await(_ words: String) throws { try self.await(until: { try said().contains(words) }) }

        /// Returns once the condition holds; throws if the program ends before.
        func await(until condition: () throws -> Bool) throws {
            while try !condition() {
                guard process.isRunning else { throw try failure() }
                usleep(1_000)
            }
        }

        func signal(_ signal: Int32) { kill(process.processIdentifier, signal) }

        /// Waits for the program's end and returns what it printed.
        ///
        /// - Parameter status: the exit code that is expected; any other is a failure.
        func wait(for status: Int32 = 0) throws -> String {
            // `waitUntilExit` looks only every 50 ms, which would be added to the time that is measured.
            end.wait()
            guard process.terminationStatus == status else { throw try failure() }
            return try String(contentsOf: output, encoding: .utf8)
        }

        /// What the program has written to standard error so far.
        func said() throws -> String { try String(contentsOf: errors, encoding: .utf8) }

        private func failure() throws -> Failure {
            Failure(
                description: "\(command) ended with \(process.terminationStatus): \(try said())")
        }
    }
}

/// A temporary folder, which is removed when the last reference goes.
final class Scratch {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appending(path: "kdsweep-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// Makes an empty file with a new name.
    func newFile() throws -> URL { try write(UUID().uuidString, "") }

    func write(_ name: String, _ text: String) throws -> URL {
        let file = url.appending(path: name)
        try Data(text.utf8).write(to: file)
        return file
    }
}

/// The most bytes of this process that were resident at any time so far.
func peakMemory() -> Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    guard let size = line?.split(separator: " ").dropFirst().first.flatMap({ Double($0) }) else {
        preconditionFailure("Linux tells a process its peak")
    }
    return size * 1024
}
