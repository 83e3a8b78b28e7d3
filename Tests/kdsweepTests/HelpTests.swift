import ArgumentParser
import Foundation
import Testing

@testable import kdsweep

/// What the commands say of themselves: help, the manual page, and what completes a command line.
struct HelpTests {
    private static let commands = Kdsweep.configuration.subcommands.filter {
        $0.configuration.shouldDisplay
    }

    private static func name(_ command: any ParsableCommand.Type) -> String {
        command.configuration.commandName!
    }

    // MARK: Help

    @Test("Each command's help", arguments: commands.map(name) + [""])
    func snapshots(name: String) throws {
        let command = Self.commands.first { Self.name($0) == name } ?? Kdsweep.self
        let help = Kdsweep.helpMessage(for: command, columns: 100)
        try expectSnapshot(help + "\n", "help/\(name.isEmpty ? "kdsweep" : name).txt")
    }

    @Test("Each command has examples, and each can be typed", arguments: commands.map(name))
    func examples(name: String) throws {
        let command = try #require(Self.commands.first { Self.name($0) == name })
        let help = Kdsweep.helpMessage(for: command, columns: 1000)
        let parts = help.split(separator: "\nExamples:\n", maxSplits: 1)
        try #require(parts.count == 2, "\(name) has no examples")
        let lines = parts[1].split(separator: "\n", omittingEmptySubsequences: false)
            .prefix { $0.hasPrefix("  ") }
        #expect((2...6).contains(lines.count), "\(lines)")
        for line in lines {
            let words = try words(String(line))
            #expect(words.prefix(2) == ["kdsweep", name], "\(line)")
            #expect(throws: Never.self, "\(line)") {
                let parsed = try Kdsweep.parseAsRoot(Array(words.dropFirst()))
                #expect(type(of: parsed) == command)
            }
        }
    }

    /// As a shell splits a line.
    private func words(_ line: String) throws -> [String] {
        let shell = try Workspace()
        let result = try Command(
            ["-c", "printf '%s\\n' \(line)"], in: shell.folder, executable: URL(filePath: "/bin/sh")
        ).wait()
        return result.output.split(separator: "\n").map(String.init)
    }

    // MARK: The manual page

    private func manual() throws -> String {
        let run = try Workspace().run("manual")
        #expect(run.status == 0 && run.errors == "")
        return run.output
    }

    @Test("The manual page has every command, option, exit code, file and variable")
    func manualPage() throws {
        let page = try manual()
        for command in Self.commands {
            #expect(page.contains(".SS kdsweep \(Self.name(command))\n"))
        }
        for words in ["\\-\\-crash\\-limit", "KDSWEEP_HOME", "cells.csv", "130", "speed.json"] {
            #expect(page.contains(words), "\(words)")
        }
        #expect(!page.contains("kdsweep measure") && !page.contains("kdsweep manual"))
        let requests = Set(
            page.split(separator: "\n").filter { $0.hasPrefix(".") || $0.hasPrefix("'") }
                .map { String($0.prefix { $0 != " " }) })
        let known: Set = [
            ".TH", ".SH", ".SS", ".PP", ".TP", ".RS", ".RE", ".EX", ".EE", ".B", ".br", ".nh",
            ".nr",
            ".ad",
        ]
        #expect(requests.isSubset(of: known), "\(requests)")
    }

    private static let hasGroff = FileManager.default.isExecutableFile(atPath: "/usr/bin/groff")

    @Test("It is set without a warning, no line too long", .enabled(if: hasGroff))
    func setPage() throws {
        let workspace = try Workspace()
        try workspace.write("kdsweep.1", manual())
        let groff = try Command(
            ["-c", "groff -man -ww -Tascii -P-cbou -rLL=100n kdsweep.1"],
            in: workspace.folder, executable: URL(filePath: "/bin/sh")
        ).wait()
        #expect(groff.status == 0 && groff.errors == "", "\(groff.errors)")
        let lines = groff.output.split(separator: "\n")
        #expect(lines.count > 100 && lines.allSatisfy { $0.count <= 110 })
        #expect(groff.output.contains("--launch slurm:max=20"), "\(groff.output)")
    }

    // MARK: Completion

    /// What bash offers for a line whose last word is being typed.
    private func candidates(_ words: [String], in workspace: Workspace) throws -> Set<String> {
        try workspace.write(
            "complete.bash",
            """
            source "$1"
            shift
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*"
            COMP_POINT=${#COMP_LINE}
            _kdsweep kdsweep "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """)
        let bash = try Command(
            ["complete.bash", "kdsweep.bash"] + words, in: workspace.folder,
            executable: URL(filePath: "/bin/bash")
        ).wait()
        #expect(bash.errors == "", "\(bash.errors)")
        return Set(bash.output.split(separator: "\n").map(String.init))
    }

    @Test("bash completes commands, options, their values, sweep files and folders")
    func bash() throws {
        let workspace = try Workspace()
        let script = try workspace.run("--generate-completion-script", "bash")
        #expect(script.status == 0 && script.errors == "")
        try workspace.write("kdsweep.bash", script.output)
        for name in ["sweep.yaml", "other.yml", "notes.txt"] { try workspace.write(name, "") }
        try FileManager.default.createDirectory(
            at: workspace.folder.appendingPathComponent("results"),
            withIntermediateDirectories: true)

        let commands = try candidates(["kdsweep", ""], in: workspace)
        #expect(commands.isSuperset(of: Self.commands.map(Self.name)), "\(commands)")
        #expect(commands.isDisjoint(with: ["measure", "manual"]))
        #expect(try candidates(["kdsweep", "pla"], in: workspace) == ["plan"])
        #expect(
            try candidates(["kdsweep", "run", "--"], in: workspace)
                .isSuperset(of: ["--workers", "--threads", "--output", "--log-level"]))
        let files = try candidates(["kdsweep", "run", ""], in: workspace)
        #expect(files.isSuperset(of: ["sweep.yaml", "other.yml"]) && !files.contains("notes.txt"))
        #expect(try candidates(["kdsweep", "export", ""], in: workspace) == ["results"])
        #expect(
            try candidates(["kdsweep", "run", "sweep.yaml", "--log-level", "de"], in: workspace)
                == ["debug"])
        #expect(
            try candidates(["kdsweep", "coordinator", "--launch", "s"], in: workspace)
                == ["slurm:max=4", "ssh:max=4"])
        #expect(
            try candidates(["kdsweep", "run", "--crash-limit", "n"], in: workspace) == ["never"])
    }

    @Test(
        "zsh and fish have their scripts; there is none for other shells",
        arguments: ["zsh", "fish"])
    func otherShells(shell: String) throws {
        let workspace = try Workspace()
        let script = try workspace.run("--generate-completion-script", shell)
        #expect(script.status == 0 && script.errors == "")
        for command in Self.commands { #expect(script.output.contains(Self.name(command))) }
        let none = try workspace.run("--generate-completion-script", "csh")
        #expect(none.status == 2 && none.output == "", "\(none.errors)")
    }
}
