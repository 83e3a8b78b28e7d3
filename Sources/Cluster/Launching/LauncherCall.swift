import Foundation
import Host
import Scheduling
import Sweep

/// A launcher's process that does one order. The coordinator's loop goes on meanwhile.
struct LauncherCall: ~Copyable {
    let order: Launch.Request
    private var process: ChildProcess
    private let output: URL
    private let errors: URL
    private let deadline: Duration

    /// How long a launcher may take. A cluster's scheduler that hasn't answered by then won't.
    static let longest = Duration.seconds(60)

    /// - Throws: `SystemError` if the launcher can't be started, or its folder can't be written.
    init(_ launch: Launch, _ order: Launch.Request, at now: Duration) throws {
        try FileManager.default.createDirectory(
            at: launch.folder, withIntermediateDirectories: true)
        let output = launch.folder.appending(path: ".output")
        let errors = launch.folder.appending(path: ".errors")
        let process = try ChildProcess(
            executable: launch.executable, arguments: launch.arguments(of: order),
            environment: launch.environment, output: output.path, errors: errors.path)
        self.order = order
        self.output = output
        self.errors = errors
        self.process = process
        deadline = now + Self.longest
    }

    deinit {
        for file in [output, errors] { try? FileManager.default.removeItem(at: file) }
    }

    /// What has become of the order; nil while the launcher still runs.
    mutating func outcome(at now: Duration) -> Growth.Event? {
        guard let ending = process.reap() else {
            guard now >= deadline else { return nil }
            process.killGroup()
            return .failed(reason: "no answer within \(Self.longest)")
        }
        guard ending == .exited(status: 0) else {
            return .failed(
                reason: complaint ?? "\(ending)",
                isFinal: ending == .exited(status: Self.finalRefusal))
        }
        let text = try? String(contentsOf: output, encoding: .utf8)
        return Launch.outcome(of: order, output: text ?? "")
    }

    /// The exit code of a launcher whose start would fail again at any time, as with a partition that doesn't
    /// exist.
    private static let finalRefusal: Int32 = 3

    /// The launcher's own words in one line; nil if it said nothing.
    private var complaint: String? {
        let text = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
        let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
        return lines.isEmpty ? nil : oneLine(String(lines.joined(separator: "; ").prefix(600)))
    }
}
