import Foundation
import Testing

/// `cluster/setup` on machines that lack something: what it calls are small scripts that say so.
struct SetupTests {
    private let workspace: Workspace
    private static let script = Repository.file("cluster/setup")

    init() throws {
        workspace = try Workspace()
        // The tools that the script itself is written with, and nothing else, are real.
        for tool in ["bash", "env", "grep", "head", "sed", "sort"] {
            let real = try #require(
                ["/usr/bin", "/bin"].map { "\($0)/\(tool)" }
                    .first(where: FileManager.default.fileExists))
            try FileManager.default.createSymbolicLink(
                atPath: path(tool), withDestinationPath: real)
        }
        try pretend("swift", "echo 'Swift version 6.3.1 (swift-6.3.1-RELEASE)'")
        try pretend("dpkg-query", "[ \"${@: -1}\" = libzmq3-dev ] || echo installed")
        try pretend("id", "echo 1000")
        try pretend("apt-get", "echo \"$@\" >> '\(path("asked"))'")
    }

    private func path(_ name: String) -> String {
        workspace.folder.appendingPathComponent(name).path
    }

    private func pretend(_ tool: String, _ body: String) throws {
        try workspace.write(tool, "#!\(path("bash"))\n\(body)\n")
        chmod(path(tool), 0o755)
    }

    private func setup(_ arguments: String...) throws -> Command.Result {
        try Command(
            ["-c", "PATH='\(workspace.folder.path)' bash '\(Self.script.path)' \"$@\"", "setup"]
                + arguments,
            in: workspace.folder, executable: URL(filePath: path("bash"))
        ).wait()
    }

    @Test("Nothing missing: nothing said, nothing done")
    func complete() throws {
        try pretend("dpkg-query", "echo installed")
        let run = try setup()
        #expect(run.status == 0 && run.errors == "" && run.output == "")
        #expect(!workspace.exists("asked"))
    }

    @Test("Root: exactly what is missing is installed")
    func root() throws {
        try pretend("id", "echo 0")
        let run = try setup("--tests")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("installing libzmq3-dev\n"))
        let asked = try workspace.read("asked")
        #expect(asked.contains("install") && asked.contains("libzmq3-dev"))
        #expect(!asked.contains("libopenblas-dev"))
    }

    @Test("No root: the command to ask an administrator for")
    func noRoot() throws {
        let run = try setup()
        #expect(run.status == 1)
        #expect(
            run.errors.contains("sudo apt-get install --no-install-recommends libzmq3-dev\n"),
            "\(run.errors)")
        #expect(!workspace.exists("asked"))
    }

    @Test("No apt: the packages of Fedora, Rocky and conda", arguments: ["apt-get", "dpkg-query"])
    func noApt(lacking: String) throws {
        try FileManager.default.removeItem(atPath: path(lacking))
        let run = try setup()
        #expect(run.status == 1)
        for words in [
            "there is no apt here",
            "dnf install openblas-devel zeromq-devel libsodium-devel sqlite-devel libcurl-devel",
            "export CPATH=/usr/include/openblas\n", "config-manager --set-enabled crb\n",
            "conda install -c conda-forge openblas zeromq libsodium sqlite libcurl pkg-config\n",
            "PKG_CONFIG_PATH=$CONDA_PREFIX/lib/pkgconfig", "libzmq3-dev",
        ] {
            #expect(run.errors.contains(words), "\(run.errors)")
        }
        #expect(!run.errors.contains("gnuplot-nox") && !workspace.exists("asked"))
        #expect(try setup("--tests").errors.contains("gnuplot-nox"))
    }

    @Test("No toolchain, an old one, a failing apt-get, a wrong argument")
    func others() throws {
        #expect(try setup("--all").errors.contains("--tests"))
        try pretend("id", "echo 0")
        try pretend("apt-get", "echo 'no network' >&2; exit 100")
        let failed = try setup()
        #expect(failed.status == 1)
        #expect(failed.errors.contains("no network") && failed.errors.contains("libzmq3-dev"))
        try pretend("swift", "echo 'Swift version 5.10 (swift-5.10-RELEASE)'")
        #expect(try setup().errors.contains("5.10 is too old"))
        try FileManager.default.removeItem(atPath: path("swift"))
        let bare = try setup()
        #expect(bare.status == 1 && bare.errors.contains("install Swift 6.2 or later"))
    }
}
