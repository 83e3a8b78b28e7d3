import ArgumentParser
import Foundation
import Testing

@testable import kdsweep

/// What the commands say of themselves: help, and the manual page.
struct HelpTests {
    static let commands = Kdsweep.configuration.subcommands.filter {
        $0.configuration.shouldDisplay
    }

    static func name(_ command: any ParsableCommand.Type) -> String {
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

    private static let canSet = canTest("the manual page", "groff-base") {
        arePrograms("/usr/bin/groff")
    }

    @Test("It is set without a warning, no line too long", .enabled(if: canSet))
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
}
