import Foundation
import Host

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

    /// What was drawn.
    public struct Outcome: Hashable, Sendable {
        /// The pictures, then the script, the data, and the caption if it isn't in the pictures.
        public var files: [URL]
        /// Whether the script that was there had been changed, and has drawn the pictures.
        public var isScriptKept: Bool
    }

    /// Draws a figure into a folder, and writes gnuplot's script and data beside the pictures, those of a bare
    /// figure with a text file that has the title and the caption. Older files of the same names are replaced
    /// once all are made. But a script that somebody has changed since it was written stays: only its data is
    /// replaced, and it draws its pictures anew.
    ///
    /// - Parameter replacesChanged: whether a changed script is replaced all the same.
    /// - Throws: `Trouble` with gnuplot's message, or the file that can't be written. If gnuplot fails, the
    ///   folder is as it was; if it fails on a changed script, only the data is new.
    ///   Cost: some 0.3 s.
    public func draw(
        _ figure: Figure, into folder: URL, style: Style = Style(), replacesChanged: Bool = false
    ) throws -> Outcome {
        let script = GnuplotScript(figure, style)
        let workplace = try Workplace(in: folder)
        let (pictures, source) = (style.formats.map { "\(figure.name).\($0)" }, "\(figure.name).gp")
        var texts = ["\(figure.name).dat"]
        try workplace.write(script.data.text, to: texts[0])
        if style.isBare {
            texts.append("\(figure.name).txt")
            try workplace.write("\(figure.title)\n\n\(figure.caption)\n", to: texts[1])
        }
        let older = try? String(contentsOf: folder.appending(path: source), encoding: .utf8)
        if let older, !replacesChanged, !ScriptSeal.isIntact(older) {
            let written = try workplace.publish(texts, to: folder)
            let words = try run(source, in: folder)
            guard words.isEmpty else {
                throw Trouble(
                    description:
                        "\(folder.appending(path: source).relativePath), which was changed since "
                        + "kdsweep wrote it, fails: \(words); --force replaces it")
            }
            let drawn = (pictures + [source]).map { folder.appending(path: $0) }
            return Outcome(files: drawn + written, isScriptKept: true)
        }
        try workplace.write(script.text, to: source)
        let words = try run(source, in: workplace.url)
        let missing = pictures.first { workplace.size(of: $0) == 0 }
        guard words.isEmpty, missing == nil else {
            throw Trouble(
                description: "gnuplot could not draw \(figure.name)"
                    + (words.isEmpty ? ": \(missing!) is empty" : ": \(words)"))
        }
        return Outcome(
            files: try workplace.publish(pictures + [source] + texts, to: folder),
            isScriptKept: false)
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
            throw Gnuplot.Trouble(description: "\(url.path): \(reason(of: error))")
        }
    }
}
