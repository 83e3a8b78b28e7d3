import Foundation
import Testing

@testable import kdsweep

/// What completes a command line, in the shells themselves.
struct CompletionTests {
    enum Shell: String, CaseIterable {
        case bash, zsh, fish

        var executable: String { self == .bash ? "/bin/bash" : "/usr/bin/\(rawValue)" }

        /// A script that is given a line whose last word is being typed, in words, and prints what the
        /// shell offers for it.
        var script: String {
            switch self {
            case .bash:
                """
                source ./completion
                COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*"
                COMP_POINT=${#COMP_LINE}
                _kdsweep kdsweep "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
                printf '%s\\n' "${COMPREPLY[@]}"
                """
            case .fish:
                """
                source ./completion
                complete -C "$argv" | string replace -r '\\t.*' ''
                """
            case .zsh:
                // It completes only for who types: into a terminal, in which each offer is written down.
                """
                cp completion _kdsweep
                cat > setup <<'END'
                fpath=($PWD $fpath)
                autoload -Uz compinit && compinit -u -D
                compadd() {
                    # With these it adds nothing, but tells what it would add.
                    if [[ ${@[1,(i)(-|--)]} != *-[OAD]\\ * ]]; then
                        local -a offers
                        builtin compadd -A offers "$@"
                        print -rl -- $offers >> offers
                    fi
                    builtin compadd "$@"
                }
                finish() { : > ended }
                comppostfuncs=(finish)
                bindkey '^I' complete-word
                END
                zmodload zsh/zpty
                zpty shell zsh -f -i
                zpty -w shell "source ./setup"
                zpty -w -n shell "$*"$'\\t'
                for _ in {1..300}; do [[ -e ended ]] && break; sleep 0.1; done
                zpty -d shell
                cat offers
                """
            }
        }

        /// So that nothing of the user's plays a part.
        var options: [String] {
            switch self {
            case .bash: ["--norc"]
            case .zsh: ["-f"]
            case .fish: ["--no-config"]
            }
        }
    }

    private static let canRun = canTest("what completes a command line", "bash, zsh and fish") {
        Shell.allCases.allSatisfy { arePrograms($0.executable) }
    }

    private let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        for name in ["sweep.yaml", "other.yml", "notes.txt"] { try workspace.write(name, "") }
        try FileManager.default.createDirectory(
            at: workspace.folder.appendingPathComponent("results"),
            withIntermediateDirectories: true)
    }

    private func offers(_ words: String..., in shell: Shell) throws -> Set<String> {
        for name in ["offers", "ended"] {
            try? FileManager.default.removeItem(at: workspace.folder.appendingPathComponent(name))
        }
        try workspace.write("script", shell.script)
        let run = try Command(
            shell.options + ["script", "kdsweep"] + words, in: workspace.folder,
            executable: URL(filePath: shell.executable),
            environment: ["HOME": workspace.folder.path, "TERM": "dumb"]
        ).wait()
        #expect(run.errors == "", "\(run.errors)")
        return Set(
            run.output.split(separator: "\n").map {
                // A folder may have its slash already.
                String($0.last == "/" ? $0.dropLast() : $0)
            })
    }

    @Test(
        "It completes commands, options, their values, sweep files and folders",
        .enabled(if: canRun), arguments: Shell.allCases)
    func shells(shell: Shell) throws {
        let script = try workspace.run("--generate-completion-script", shell.rawValue)
        #expect(script.status == 0 && script.errors == "")
        try workspace.write("completion", script.output)

        let commands = try offers("", in: shell)
        #expect(commands.isSuperset(of: HelpTests.commands.map(HelpTests.name)), "\(commands)")
        #expect(commands.isDisjoint(with: ["measure", "manual"]))
        #expect(try offers("pla", in: shell) == ["plan"])
        let options = try offers("run", "--", in: shell)
        #expect(options.isSuperset(of: ["--workers", "--threads", "--output", "--log-level"]))
        let files = try offers("run", "", in: shell)
        #expect(files.isSuperset(of: ["sweep.yaml", "other.yml"]) && !files.contains("notes.txt"))
        #expect(try offers("export", "", in: shell) == ["results"])
        #expect(try offers("run", "sweep.yaml", "--log-level", "de", in: shell) == ["debug"])
        #expect(
            try offers("coordinator", "--launch", "s", in: shell) == ["slurm:max=4", "ssh:max=4"])
        #expect(try offers("run", "--crash-limit", "n", in: shell) == ["never"])
    }

    @Test("There is none for a shell that it doesn't know")
    func another() throws {
        let none = try workspace.run("--generate-completion-script", "csh")
        #expect(none.status == 2 && none.output == "", "\(none.errors)")
    }
}
