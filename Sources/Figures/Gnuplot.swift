import Foundation

/// Draws figures by the program gnuplot.
public struct Gnuplot: Sendable {
    /// Why a figure could not be drawn.
    public struct Trouble: Error, Hashable, CustomStringConvertible {
        public let description: String
    }

    private let executable: URL

    /// - Throws: `Trouble` if there is no gnuplot in `PATH`.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        let folders = (environment["PATH"] ?? "").split(separator: ":")
        let found = folders.lazy.map { "\($0)/gnuplot" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
        guard let found else {
            throw Trouble(
                description: "figures are drawn by gnuplot, which is not in PATH: install it "
                    + "(on Debian: apt-get install --no-install-recommends gnuplot-nox)")
        }
        executable = URL(fileURLWithPath: found)
    }

    /// Draws a figure as SVG, PDF and PNG into a folder, and writes gnuplot's script and data beside them. Older
    /// files of the same names are replaced once all five are made.
    ///
    /// - Returns: the files, script and data last.
    /// - Throws: `Trouble` with gnuplot's message, or the file that can't be written. If gnuplot fails, the
    ///   folder is as it was.
    ///   Cost: some 0.3 s.
    public func draw(_ figure: Figure, into folder: URL) throws -> [URL] {
        let script = GnuplotScript(figure)
        let workplace = try Workplace(in: folder)
        try workplace.write(script.text, to: "\(figure.name).gp")
        try workplace.write(script.data.text, to: "\(figure.name).dat")
        let words = try run("\(figure.name).gp", in: workplace.url)
        let names = (GnuplotScript.formats + ["gp", "dat"]).map { "\(figure.name).\($0)" }
        let missing = names.first { workplace.size(of: $0) == 0 }
        guard words.isEmpty, missing == nil else {
            throw Trouble(
                description: "gnuplot could not draw \(figure.name)"
                    + (words.isEmpty ? ": \(missing!) is empty" : ": \(words)"))
        }
        return try workplace.publish(names, to: folder)
    }

    /// Runs gnuplot and returns its message; an empty one if all went well.
    private func run(_ script: String, in folder: URL) throws -> String {
        let process = Process()
        process.executableURL = executable
        // `-d` ignores the user's own start-up file, which could change the figure.
        process.arguments = ["-d", script]
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        do { try process.run() } catch {
            throw Trouble(description: "\(executable.path) could not be started: \(error)")
        }
        let words = String(
            decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let lines = words.split(separator: "\n").joined(separator: "; ")
        guard process.terminationStatus != 0, lines.isEmpty else { return lines }
        return "it ended with status \(process.terminationStatus)"
    }
}

/// A hidden folder among the figures in which they are drawn. It is removed when it goes out of scope.
private final class Workplace {
    let url: URL

    init(in folder: URL) throws {
        url = folder.appending(path: ".\(UUID().uuidString).partial")
        try Self.reporting(folder) {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        }
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ text: String, to name: String) throws {
        try Self.reporting(url) { try Data(text.utf8).write(to: url.appending(path: name)) }
    }

    func size(of name: String) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: url.appending(path: name).path)
        return attributes?[.size] as? Int ?? 0
    }

    func publish(_ names: [String], to folder: URL) throws -> [URL] {
        try names.map { name in
            let target = folder.appending(path: name)
            guard rename(url.appending(path: name).path, target.path) == 0 else {
                throw Gnuplot.Trouble(
                    description: "\(target.path): \(String(cString: strerror(errno)))")
            }
            return target
        }
    }

    private static func reporting(_ url: URL, _ body: () throws -> Void) throws {
        do { try body() } catch {
            throw Gnuplot.Trouble(description: "\(url.path): \(error.localizedDescription)")
        }
    }
}
