import ArgumentParser
import Cluster
import Foundation

/// The manual page kdsweep(1) in the language of man(7), made of the commands' own declarations.
struct Manual {
    private let root: Declaration

    /// A command, as ArgumentParser tells other programs.
    private struct Declaration: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String

            var text: String { (kind == "long" ? "--" : "-") + name }
        }

        struct Argument: Decodable {
            var kind: String
            var shouldDisplay: Bool
            var isOptional: Bool
            var names: [Name]?
            var valueName: String?
            var abstract: String?
            var defaultValue: String?
        }

        var commandName: String
        var shouldDisplay: Bool
        var abstract: String?
        var discussion: String?
        var arguments: [Argument]?
        var subcommands: [Declaration]?
    }

    init() throws {
        struct Tool: Decodable { var command: Declaration }
        do {
            _ = try Kdsweep.parseAsRoot(["--experimental-dump-help"])
            preconditionFailure("what is asked for is thrown")
        } catch {
            let json = Kdsweep.fullMessage(for: error)
            root = try JSONDecoder().decode(Tool.self, from: Data(json.utf8)).command
        }
    }

    var text: String {
        let title = ".TH KDSWEEP 1 \"\" \"kdsweep \(Build.version)\" \"User Commands\""
        let commands = (root.subcommands ?? []).filter {
            // ArgumentParser declares `help` without a description.
            $0.shouldDisplay && $0.commandName != "help"
        }
        let parts =
            // Without hyphenation and justification, so that command lines can be copied.
            [".nr HY 0", title, ".nh", ".ad l"] + name + synopsis(commands) + description + [
                ".SH COMMANDS"
            ]
            + commands.flatMap(section) + Self.closing
        return parts.joined(separator: "\n") + "\n"
    }

    // MARK: Sections

    private var name: [String] {
        let abstract =
            root.abstract.map { String($0.prefix(1).lowercased() + $0.dropFirst()) } ?? ""
        return [".SH NAME", "kdsweep \\- \(escaped(abstract.trimmingSuffix(".")))"]
    }

    private func synopsis(_ commands: [Declaration]) -> [String] {
        [".SH SYNOPSIS"]
            + commands.flatMap { command in
                let words = positionals(of: command).map { argument in
                    let value = "\\fI\(escaped(argument.valueName ?? "").uppercased())\\fR"
                    return argument.isOptional ? "[\(value)]" : value
                }
                return [
                    ".B kdsweep \(escaped(command.commandName))",
                    (["[\\fIoption\\fR ...]"] + words).joined(separator: " "), ".br",
                ]
            }.dropLast()
    }

    private var description: [String] {
        [".SH DESCRIPTION"]
            + paragraphs(
                """
                kdsweep solves a grid of widths, sample sizes, soft ratios, noise levels and seeds, which \
                one YAML file describes, on worker processes, and writes two CSV files. Kill it, or any \
                part of it, whenever you like: the same command goes on from what is stored.
                """)
    }

    private func section(_ command: Declaration) -> [String] {
        let halves = (command.discussion ?? "").split(
            separator: "Examples:\n", maxSplits: 1, omittingEmptySubsequences: false)
        let options = (command.arguments ?? []).filter { argument in
            argument.shouldDisplay && argument.kind != "positional"
                && !["version", "help"].contains(argument.valueName)
        }
        var lines = [".SS kdsweep \(escaped(command.commandName))"]
        lines += paragraphs(command.abstract ?? "") + paragraphs(String(halves[0]))
        lines += (positionals(of: command) + options).flatMap(entry)
        if halves.count > 1 {
            let examples = halves[1].split(separator: "\n").map {
                escaped($0.trimmingCharacters(in: .whitespaces))
            }
            lines += [".PP", "Examples:", ".PP", ".RS 4", ".EX"] + examples + [".EE", ".RE"]
        }
        return lines
    }

    private func positionals(of command: Declaration) -> [Declaration.Argument] {
        (command.arguments ?? []).filter { $0.shouldDisplay && $0.kind == "positional" }
    }

    private func entry(_ argument: Declaration.Argument) -> [String] {
        let value = "\\fI\(escaped(argument.valueName ?? ""))\\fR"
        let names = (argument.names ?? []).map { "\\fB\(escaped($0.text))\\fR" }
        let tag: String
        switch argument.kind {
        case "positional": tag = "\\fI\(escaped(argument.valueName ?? "").uppercased())\\fR"
        case "option": tag = names.joined(separator: ", ") + " " + value
        default: tag = names.joined(separator: ", ")
        }
        var text = argument.abstract ?? ""
        if let standard = argument.defaultValue { text += " Default: \(standard)." }
        return [".TP", tag, escaped(text)]
    }

    // MARK: Text

    private func paragraphs(_ text: String) -> [String] {
        text.split(separator: "\n").flatMap { [".PP", escaped(String($0))] }
    }

    private func escaped(_ text: String) -> String { Self.escaped(text) }

    /// Text that man takes for no request of its own, with hyphens and quotes that can be copied to a shell.
    private static func escaped(_ text: String) -> String {
        let text = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
            .replacing("'", with: "\\(aq").replacing("`", with: "\\(ga").replacing(
                "~", with: "\\(ti")
        return text.hasPrefix(".") ? "\\&" + text : text
    }

    /// The sections that no command declares.
    private static let closing: [String] =
        entries(
            "EXIT STATUS",
            [
                ("0", "Every cell is ok, singular or diverged."), ("1", "Some cells failed."),
                (
                    "2",
                    "The sweep file or an argument was refused, before anything was computed."
                ), ("130", "Interrupted, with everything received stored."),
            ])
        + entries(
            "ENVIRONMENT",
            [
                (
                    "KDSWEEP_HOME",
                    "Where access files and measurements lie (default: ~/.kdsweep)."
                ),
                (
                    "OPENBLAS_CORETYPE",
                    "Which kernels OpenBLAS uses. Set to the same on processors of different types, they "
                        + "compute the same digits."
                ),
            ])
        + entries(
            "FILES",
            [
                ("results/NAME/cells.csv", "A row for each cell."),
                (
                    "results/NAME/summary.csv",
                    "Means and standard errors over the seeds, and data inefficiency."
                ), ("results/NAME/sweep.yaml", "The sweep as run, every default written out."),
                (
                    "results/NAME/sweep.sqlite",
                    "The store: what a later run resumes from, and who computed what, when and how "
                        + "long it took."
                ), ("results/NAME/figures", "What kdsweep plot draws."),
                (
                    "~/.kdsweep/access",
                    "Access files of this user's coordinators: where they can be reached, and the keys "
                        + "that let workers in. A file is removed when its run ends."
                ),
                (
                    "~/.kdsweep/speed.json",
                    "Measurements of this user's machines, for kdsweep plan."
                ),
            ])

    private static func entries(_ title: String, _ entries: [(name: String, text: String)])
        -> [String]
    {
        [".SH \(title)"]
            + entries.flatMap { [".TP", "\\fB\(escaped($0.name))\\fR", escaped($0.text)] }
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
