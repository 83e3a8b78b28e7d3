import Foundation

/// A process of this executable, and what it prints.
final class MeasuringProcess {
    private let process = Process()
    private let output = Pipe()
    private let end = DispatchSemaphore(value: 0)

    /// - Throws: if it can't be started.
    init(_ arguments: [String]) throws {
        process.executableURL = URL(filePath: runningImage)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.terminationHandler = { [end] _ in end.signal() }
        try process.run()
    }

    /// Waits for the process' end and returns what it printed.
    ///
    /// - Throws: if the process fails.
    func printed() throws -> Data {
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        // `waitUntilExit` looks only every 50 ms, which would be added to the time that is measured.
        end.wait()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw MeasurementError()
        }
        return data
    }
}

struct MeasurementError: Error, CustomStringConvertible {
    var description: String { "a process that was to measure this machine has failed" }
}
