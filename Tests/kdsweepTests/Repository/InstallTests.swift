import Foundation
import Testing

/// What `cluster/install` installed, where there is no Swift.
struct InstalledTests {
    /// The prefix that it was given. Installing compiles everything anew, minutes, so the tests
    /// don't; where everything must be tested there is one, or they fail.
    private static let prefix = ProcessInfo.processInfo.environment["KDSWEEP_INSTALLED"]

    private static let canRun = canTest(
        "an installation", "KDSWEEP_INSTALLED=PREFIX, after 'cluster/install PREFIX', and root",
        isOptional: true
    ) { prefix != nil }

    private let workspace: Workspace
    private let binary: String

    init() throws {
        workspace = try Workspace()
        let prefix = try #require(Self.prefix, "KDSWEEP_INSTALLED isn't set")
        binary = "\(prefix)/bin/kdsweep"
    }

    private func shell(_ lines: String) throws -> Command.Result {
        try Command(
            ["-euc", lines], in: workspace.folder, executable: URL(filePath: "/bin/sh"),
            environment: ["KDSWEEP": binary, "LD_LIBRARY_PATH": ""]
        ).wait()
    }

    @Test("It needs no library of Swift's", .enabled(if: canRun))
    func libraries() throws {
        let needs = try shell("ldd \"$KDSWEEP\"")
        #expect(needs.status == 0 && !needs.output.contains("not found"), "\(needs.errors)")
        for library in ["libopenblas", "libzmq", "libsqlite3", "libcurl"] {
            #expect(needs.output.contains(library))
        }
        for library in ["libswift", "libFoundation", "lib_Foundation", "libdispatch", "libBlocks"] {
            #expect(!needs.output.contains(library), "\(needs.output)")
        }
        let sections = try shell("readelf --section-headers --wide \"$KDSWEEP\"")
        #expect(sections.status == 0 && !sections.output.contains(".debug_info"))
    }

    @Test("It runs a sweep to the same bytes where the toolchain is hidden", .enabled(if: canRun))
    func runs() throws {
        try workspace.write("sweep.yaml", fortyTasks)
        // Of `…/usr/bin/swift`, behind any links, all that is in `usr`.
        let run = try shell(
            """
            swift=$(readlink -f "$(command -v swift)")
            export TOOLCHAIN="${swift%/bin/*}"
            exec unshare --mount sh -euc '
                mount -t tmpfs none "$TOOLCHAIN"
                if command -v swift; then exit 9; fi
                "$KDSWEEP" run sweep.yaml --workers 2'
            """)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try workspace.csvs("results/sweep") == LineTests.reference.get())
        #expect(try StoredTasks(workspace.folder.appending(path: "results/sweep")).workers == 2)
    }

    @Test("Its manual page and what completes its command line are there", .enabled(if: canRun))
    func pages() throws {
        let pages = try shell(
            """
            cd "${KDSWEEP%/bin/kdsweep}/share"
            head -n 2 man/man1/kdsweep.1
            bash -euc 'source bash-completion/completions/kdsweep; complete -p kdsweep'
            zsh -fc 'fpath+=($PWD/zsh/site-functions)
                autoload -Uz compinit && compinit -u -D; print zsh: $_comps[kdsweep]'
            XDG_DATA_HOME=$PWD HOME=$OLDPWD PATH=${KDSWEEP%/kdsweep}:$PATH \
                fish -c 'complete -C "kdsweep pla"'
            """)
        #expect(pages.status == 0, "\(pages.errors)")
        for words in [
            ".TH KDSWEEP 1", "-F _kdsweep kdsweep", "zsh: _kdsweep", "plan\tSays what a run",
        ] {
            #expect(pages.output.contains(words), "\(pages.output)")
        }
    }

    @Test("It knows its build, and its folder how to check a node", .enabled(if: canRun))
    func checks() throws {
        let version = try shell("\"$KDSWEEP\" --version").output
        #expect(version.contains(/^kdsweep [0-9.]+ \(build [0-9a-f]{12}\)\n$/))
        let check = try shell(
            "env -i PATH=/usr/bin:/bin \"${KDSWEEP%/bin/kdsweep}/libexec/kdsweep/install\" --check")
        #expect(check.status == 0, "\(check.errors)")
        #expect(check.errors.contains(binary) && check.errors.contains("all that it needs"))
    }
}

/// `cluster/install` with what it calls replaced by small scripts that say so.
struct InstallTests {
    private let workspace: Workspace
    private static let script = Repository.file("cluster/install")

    init() throws {
        workspace = try Workspace()
        let tools = [
            "bash", "cat", "chmod", "cp", "dirname", "env", "mkdir", "mv", "rm", "sed", "sort",
            "tail", "uname",
        ]
        for tool in tools {
            let real = try #require(
                ["/usr/bin", "/bin"].map { "\($0)/\(tool)" }
                    .first(where: FileManager.default.fileExists))
            try FileManager.default.createDirectory(
                atPath: path("tools"), withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: path("tools/\(tool)"), withDestinationPath: real)
        }
        // A clone, and what its build makes.
        for folder in ["clone/cluster/launchers", "built"] {
            try FileManager.default.createDirectory(
                atPath: path(folder), withIntermediateDirectories: true)
        }
        try FileManager.default.copyItem(
            atPath: Self.script.path, toPath: path("clone/cluster/install"))
        try workspace.write("clone/Package.swift", "")
        try pretend("built/kdsweep", "echo \"kdsweep $*\"")
        try pretend("tools/swift", "[[ \"$*\" != *--show-bin-path ]] || echo '\(path("built"))'")
        try pretend("tools/ldd", "echo ' libc.so.6 => /lib/libc.so.6 (0x00007f)'")
    }

    private func path(_ name: String) -> String {
        workspace.folder.appendingPathComponent(name).path
    }

    private func pretend(_ tool: String, _ body: String) throws {
        try workspace.write(tool, "#!\(path("tools/bash"))\n\(body)\n")
        chmod(path(tool), 0o755)
    }

    private func install(
        _ arguments: String..., script: String = "clone/cluster/install", path extra: String = "",
        shell: String = "/bin/bash"
    ) throws -> Command.Result {
        try Command(
            [path(script)] + arguments, in: workspace.folder,
            executable: URL(filePath: path("tools/bash")),
            environment: [
                "PATH": path("tools") + extra, "HOME": path("home"), "SHELL": shell,
            ]
        ).wait()
    }

    @Test("Installs itself, the binary and the launchers, and says what isn't on PATH")
    func files() throws {
        try pretend("clone/cluster/launchers/slurm", "echo slurm")
        try workspace.write("clone/cluster/launchers/notes.txt", "no launcher")
        let run = try install("some/prefix")
        #expect(run.status == 0, "\(run.errors)")
        let prefix = path("some/prefix")
        #expect(run.errors.contains("\(prefix)/bin/kdsweep is kdsweep --version\n"))
        #expect(run.errors.contains("export PATH=\"\(prefix)/bin:$PATH\"\n"))
        #expect(
            try FileManager.default.subpathsOfDirectory(atPath: prefix).sorted() == [
                "bin", "bin/kdsweep", "libexec", "libexec/kdsweep", "libexec/kdsweep/install",
                "libexec/kdsweep/launchers", "libexec/kdsweep/launchers/slurm", "share",
                "share/bash-completion", "share/bash-completion/completions",
                "share/bash-completion/completions/kdsweep", "share/fish",
                "share/fish/vendor_completions.d", "share/fish/vendor_completions.d/kdsweep.fish",
                "share/man", "share/man/man1", "share/man/man1/kdsweep.1", "share/zsh",
                "share/zsh/site-functions", "share/zsh/site-functions/_kdsweep",
            ])
        let share = "some/prefix/share"
        #expect(try workspace.read("\(share)/man/man1/kdsweep.1") == "kdsweep manual\n")
        for (shell, file) in [
            ("bash", "bash-completion/completions/kdsweep"), ("zsh", "zsh/site-functions/_kdsweep"),
            ("fish", "fish/vendor_completions.d/kdsweep.fish"),
        ] {
            let said = "kdsweep --generate-completion-script \(shell)\n"
            #expect(try workspace.read("\(share)/\(file)") == said)
        }
        let launcher = URL(filePath: "\(prefix)/libexec/kdsweep/launchers/slurm")
        #expect(try mode(launcher) == 0o755)
        let again = try install("some/prefix", path: ":\(prefix)/bin")
        #expect(again.status == 0 && !again.errors.contains("export PATH"), "\(again.errors)")
        #expect(!again.errors.contains("zsh"))
        let zsh = try install("some/prefix", shell: "/usr/bin/zsh")
        #expect(zsh.errors.contains("fpath+=(\(prefix)/share/zsh/site-functions)\n"))
    }

    @Test("Without a prefix it is ~/.local; without launchers there are none")
    func defaults() throws {
        try FileManager.default.removeItem(atPath: path("clone/cluster/launchers"))
        #expect(try install().status == 0)
        #expect(workspace.exists("home/.local/bin/kdsweep"))
        #expect(!workspace.exists("home/.local/libexec/kdsweep/launchers"))
    }

    @Test("Of a kdsweep that can't run here the older pages stay")
    func describing() throws {
        #expect(try install("prefix").status == 0)
        try pretend("built/kdsweep", "echo half; exit 127")
        #expect(try install("prefix").status == 0)
        let pages = path("prefix/share/man/man1")
        #expect(try FileManager.default.contentsOfDirectory(atPath: pages) == ["kdsweep.1"])
        #expect(try workspace.read("prefix/share/man/man1/kdsweep.1") == "kdsweep manual\n")
    }

    @Test("A kdsweep that runs keeps its file")
    func replaced() throws {
        _ = try install("prefix")
        let old = try #require(FileHandle(forReadingAtPath: path("prefix/bin/kdsweep")))
        try pretend("built/kdsweep", "echo new")
        _ = try install("prefix")
        #expect(try workspace.read("prefix/bin/kdsweep").contains("echo new"))
        let kept = try #require(try old.readToEnd())
        #expect(String(decoding: kept, as: UTF8.self).contains("echo \"kdsweep $*\""))
    }

    @Test("What a node lacks, without a clone and without Swift: as packages, or as it is called")
    func lacking() throws {
        _ = try install("prefix")
        for name in ["clone", "tools/swift", "built"] {
            try FileManager.default.removeItem(atPath: path(name))
        }
        func check(_ ldd: String) throws -> Command.Result {
            try pretend("tools/ldd", "cat <<'END'\n\(ldd)\nEND")
            return try install("--check", script: "prefix/libexec/kdsweep/install")
        }
        let good = try check("\tlibzmq.so.5 => /lib/libzmq.so.5 (0x00007f)")
        #expect(good.status == 0 && good.errors.contains("all that it needs"), "\(good.errors)")
        let bad = try check(
            """
            \tlinux-vdso.so.1 (0x00007ffc)
            \tlibzmq.so.5 => not found
            \tlibopenblas.so.0 => not found
            \tlibc.so.6 => /lib/libc.so.6 (0x00007f)
            """)
        #expect(bad.status == 1)
        #expect(
            bad.errors.contains(
                "sudo apt-get install --no-install-recommends libopenblas0 libzmq5\n"),
            "\(bad.errors)")
        let others = try check("\tlibodd.so.2 => not found\n\tlibsqlite3.so.0 => not found")
        #expect(others.status == 1)
        #expect(others.errors.contains("libsqlite3-0\n") && others.errors.contains("libodd.so.2\n"))
        let old = try check(
            "kdsweep: /lib/libc.so.6: version `GLIBC_2.36' not found (required by kdsweep)")
        #expect(old.status == 1 && old.errors.contains("GLIBC_2.36"), "\(old.errors)")
        try pretend("tools/ldd", "echo 'not a dynamic executable' >&2; exit 1")
        let foreign = try install("--check", script: "prefix/libexec/kdsweep/install")
        #expect(foreign.status == 1 && foreign.errors.contains("not a dynamic executable"))
        let elsewhere = try install("--check", "nowhere", script: "prefix/libexec/kdsweep/install")
        #expect(elsewhere.status == 1 && elsewhere.errors.contains("nowhere/bin/kdsweep"))
        let noClone = try install(script: "prefix/libexec/kdsweep/install")
        #expect(noClone.status == 1 && noClone.errors.contains("in a clone"))
    }

    @Test("A machine that lacks something is told so at the end; a failed build changes nothing")
    func failures() throws {
        try pretend("tools/ldd", "echo ' libzmq.so.5 => not found'")
        let lacking = try install("prefix")
        #expect(lacking.status == 1 && lacking.errors.contains("libzmq5"), "\(lacking.errors)")
        #expect(workspace.exists("prefix/bin/kdsweep"))
        let before = try workspace.read("prefix/bin/kdsweep")
        try pretend("built/kdsweep", "echo new")
        try pretend("tools/swift", "echo 'no such module' >&2; exit 1")
        let failed = try install("prefix")
        #expect(failed.status == 1 && failed.errors.contains("no such module"))
        #expect(try workspace.read("prefix/bin/kdsweep") == before)
        #expect(try install("--all").errors.contains("--check"))
        #expect(try install("one", "two").errors.contains("one prefix"))
    }
}
