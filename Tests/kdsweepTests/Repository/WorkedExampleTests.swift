import Foundation
import Testing
import Waiting

/// The worked examples of `Sources/README.md`, done in a copy of the sources as somebody would who follows the
/// compiler: first the case itself, then what README has for each file that the compiler names.
@Suite(.ownThread, .serialized, .timeLimit(.minutes(5))) struct WorkedExampleTests {
    @Test(
        "The compiler names the files of a worked example, and with its changes they compile",
        arguments: [
            // README says of these that the compiler doesn't name them.
            WorkedExample(
                title: "Another noise model", name: "uniform", sibling: "gaussian",
                unnamed: ["Sweep/Model/Encoding.swift"]),
            WorkedExample(
                title: "Another metric", name: "sharedError", sibling: "spoiled",
                unnamed: ["Distillation/Solve/MetricReader.swift", "Results/Store/Schema.swift"]),
        ])
    func files(example: WorkedExample) throws {
        let copy = try SourcesCopy()
        var changes = try example.changes()
        let listed = Set(changes.map(\.file))
        try copy.make(changes.removeFirst(), of: example)
        func makeChanges(in file: String) throws {
            for change in changes where change.file == file { try copy.make(change, of: example) }
        }

        var named: Set<String> = []
        for module in SourcesCopy.modules {
            while let faults = try copy.faults(in: module) {
                #expect(faults.files.isSubset(of: listed), "\(faults.text)")
                let new = faults.files.intersection(listed).subtracting(named)
                try #require(!new.isEmpty, "README's changes don't compile: \(faults.text)")
                for file in new { try makeChanges(in: file) }
                named.formUnion(new)
            }
        }
        #expect(named == listed.subtracting(example.unnamed))

        for file in example.unnamed { try makeChanges(in: file) }
        for module in Set(example.unnamed.map { $0.prefix { $0 != "/" } }) {
            let faults = try copy.faults(in: String(module))
            #expect(faults == nil, "\(faults?.text ?? "")")
        }
    }
}

struct WorkedExample: Sendable, CustomTestStringConvertible {
    /// Its section's.
    let title: String
    /// The new case.
    let name: String
    /// A case that is there already, beside which the new one belongs.
    let sibling: String
    /// Files that it changes though the compiler doesn't name them.
    let unnamed: Set<String>

    var testDescription: String { title }

    struct Change {
        /// Below `Sources`.
        let file: String
        /// Where in the file, if not in all of it: a declaration's name.
        let place: String?
        /// The first one has the case's name.
        var lines: [String]
    }

    /// In README's order.
    ///
    /// A comment that begins with a path says which file the lines after it are of. Lines without the case's
    /// name, as those for the store's version, are none of a `switch`, and left out.
    func changes() throws -> [Change] {
        let readme = try String(contentsOf: Repository.file("Sources/README.md"), encoding: .utf8)
        let section = try #require(
            readme.components(separatedBy: "### \(title)\n").dropFirst().first)
        let code = try #require(section.firstMatch(of: /(?s)```swift\n(.*?)\n```/)?.output.1)
        var changes: [Change] = []
        var file: String?
        for line in code.split(separator: "\n") {
            if let path = line.firstMatch(of: #/^// ([\w/]+\.swift)/#)?.output.1 {
                file = String(path)
            } else if line.hasPrefix("    "), !changes.isEmpty {
                changes[changes.count - 1].lines.append(String(line))
            } else if !line.hasPrefix("//"), words(of: line).contains(name) {
                let place = line.firstMatch(of: #/// in `(\w+)`/#)?.output.1
                changes.append(
                    Change(
                        file: try #require(file), place: place.map(String.init),
                        lines: [String(line.replacing(#/ *// in .*/#, with: ""))]))
            }
        }
        return changes
    }
}

/// The words of a line of Swift, and what is between them.
private func words(of line: some StringProtocol) -> [String] {
    String(line).matches(of: /\w+|\W+/).map { String($0.output) }
}

/// A copy of the sources that can be changed, and compiled against the other modules of this build.
private final class SourcesCopy {
    /// Those that import `Sweep`, after it.
    static let modules = [
        "Sweep", "Figures", "Distillation", "Results", "Cluster", "kdsweep", "Benchmark",
    ]

    struct Faults {
        let files: Set<String>
        let text: String
    }

    private struct Build: Decodable {
        struct Module: Decodable {
            let moduleName: String
            let executable: String
            let importPath: String
            let sources: [String]
            let otherArguments: [String]
        }
        let swiftCommands: [String: Module]
    }

    private let workspace: Workspace
    private let commands: [String: Build.Module]

    init() throws {
        workspace = try Workspace()
        try FileManager.default.copyItem(
            at: Repository.file("Sources"), to: workspace.folder.appending(path: "Sources"))
        // The build's own description is beside what it built.
        let description = Command.executable.deletingLastPathComponent()
            .appending(path: "description.json")
        let build = try JSONDecoder().decode(Build.self, from: Data(contentsOf: description))
        commands = Dictionary(
            build.swiftCommands.values.map { ($0.moduleName, $0) }, uniquingKeysWith: { $1 })
    }

    /// Puts a change where it belongs: for the line that is the same but for the new name, or else before the
    /// line that says the same of the sibling.
    func make(_ change: WorkedExample.Change, of example: WorkedExample) throws {
        let path = "Sources/\(change.file)"
        var lines = try workspace.read(path).components(separatedBy: "\n")
        let place = try change.place.map { name in
            let declaration = try Regex("\\b(var|func|enum) \(name)\\b")
            return try #require(lines.firstIndex { $0.contains(declaration) }, "\(change)")
        }
        let range = (place ?? 0)..<lines.count
        let first = change.lines[0]
        let list = try Regex(", \\.?\(example.name)\\b")
        let shorter = first.replacing(list, with: "")
        if shorter != first, let at = range.first(where: { lines[$0].trimmed == shorter }) {
            lines.replaceSubrange(at...at, with: change.lines)
        } else {
            let beginning = words(of: first).prefix { $0 != example.name } + [example.sibling]
            let at = try #require(
                range.first { words(of: lines[$0].trimmed).starts(with: beginning) }, "\(change)")
            lines.insert(contentsOf: change.lines, at: at)
        }
        try workspace.write(path, lines.joined(separator: "\n"))
    }

    /// What the compiler finds wrong with a module as it is now; nil if nothing. The modules that are compiled
    /// after `Sweep` see the changed one.
    func faults(in module: String) throws -> Faults? {
        let command = try #require(commands[module], "the build has no \(module)")
        let root = workspace.folder.path
        let output = "\(module).swiftmodule"
        let compilation = try Command(
            (module == "Sweep" ? ["-emit-module", "-emit-module-path", output] : ["-typecheck"])
                + ["-module-name", module, "-wmo", "-parse-as-library"]
                + ["-I", root, "-I", command.importPath] + importArguments(of: command)
                + command.sources.map { source in
                    source.replacing(Repository.root.path + "/Sources/", with: root + "/Sources/")
                },
            in: workspace.folder, executable: URL(filePath: command.executable)
        ).wait()
        guard compilation.status != 0 else { return nil }
        let errors = compilation.errors.matches(of: /(?m)^(\/.*\.swift):\d+:\d+: error: .*$/)
        let files = errors.map { String($0.output.1).replacing("\(root)/Sources/", with: "") }
        try #require(!files.isEmpty, "\(compilation.errors)")
        return Faults(
            files: Set(files),
            text: errors.map { String($0.output.0) }.joined(separator: "\n"))
    }

    /// Of the arguments of the build those that say what may be imported and how the language is to be read.
    private func importArguments(of command: Build.Module) -> [String] {
        var arguments: [String] = []
        var isValue = false
        for argument in command.otherArguments {
            let hasValue = ["-Xcc", "-package-name", "-swift-version", "-module-cache-path"]
                .contains(argument)
            if isValue || hasValue || argument.hasPrefix("-I") || argument.hasPrefix("-D") {
                arguments.append(argument)
            }
            isValue = hasValue && !isValue
        }
        return arguments
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
