import Foundation
import Testing
import Waiting

/// Results folders on file systems without locks, or without memory that processes share, as those of
/// clusters may be: made by a library that is loaded before the C library.
@Suite(.serialized, .timeLimit(.minutes(10)), .enabled(if: Clang.isThere))
struct PoorFileSystemTests {
    private let workspace: Workspace
    private let reference: [String]
    /// The library's path.
    private let library: String

    init() throws {
        workspace = try Workspace()
        try workspace.write("sweep.yaml", fortyTasks)
        reference = try LineTests.reference.get()
        library = workspace.folder.appendingPathComponent("poorfs.so").path
        try Clang.compile(fixture("poorfs.c"), to: library)
    }

    private var results: URL { workspace.folder.appendingPathComponent("results/sweep") }

    /// kdsweep on such a file system; nil: on the usual one.
    private func start(_ arguments: [String], without what: String?) throws -> Command {
        guard let what else { return try Command(arguments, in: workspace.folder) }
        return try Command(
            arguments, in: workspace.folder,
            environment: ["LD_PRELOAD": library, "POORFS_NO\(what)": "1"])
    }

    private static let run = ["run", "sweep.yaml", "--workers", "2"]
    private static let export = ["export", "results/sweep"]

    /// Whether the store says that it has a write-ahead log.
    private func hasLog() throws -> Bool {
        try Data(contentsOf: results.appendingPathComponent("sweep.sqlite"))[18] == 2
    }

    /// A run that is amid the work, and its workers' brake.
    private func startSlowly(without what: String?) throws -> (Command, Brake) {
        let command = try start(Self.run, without: what)
        try eventually { command.workers.count == 2 }
        let brake = Brake(command.workers)
        do { try eventually { StoredTasks.count(results) >= 3 } } catch {
            brake.release()
            throw error
        }
        return (command, brake)
    }

    @Test("A run is killed and resumed, and writes the same bytes", arguments: ["LOCK", "MAP"])
    func resumed(without: String) throws {
        let (command, brake) = try startSlowly(without: without)
        // Another run is refused, whatever there is to see that by.
        let second = try start(Self.run, without: without).wait()
        #expect(second.status == 2 && second.errors.contains("in use"), "\(second.errors)")
        let beside = try start(Self.export, without: without).wait()
        if without == "LOCK" {
            #expect(
                beside.status == 2 && beside.errors.contains("has no locks"), "\(beside.errors)")
        } else {
            #expect(beside.status == 0, "\(beside.errors)")
        }
        command.signal(SIGKILL)
        brake.release()
        _ = try command.wait()
        let before = StoredTasks.count(results)
        #expect(before >= 3 && before < 40)
        let resumed = try start(Self.run, without: without).wait()
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try workspace.csvs("results/sweep") == reference && !hasLog())
        #expect(try StoredTasks(results).tasks.count == 40)
        let export = try start(Self.export, without: without).wait()
        #expect(export.status == 0, "\(export.errors)")
        #expect(try workspace.csvs("results/sweep") == reference)
        let left = try FileManager.default.contentsOfDirectory(atPath: results.path)
        #expect(!left.contains { $0.contains("held") || $0.contains("-journal") }, "\(left)")
    }

    @Test("A store moves to such a file system and back", arguments: ["LOCK", "MAP"])
    func moved(without: String) throws {
        try workspace.write(
            "sweep.yaml", fortyTasks.replacing("to: 19, count: 20", with: "to: 5, count: 6"))
        #expect(try start(Self.run, without: nil).wait().status == 0)
        #expect(try hasLog())
        #expect(try start(Self.export, without: without).wait().status == 0)
        try workspace.write(
            "sweep.yaml", fortyTasks.replacing("to: 19, count: 20", with: "to: 9, count: 10"))
        let there = try start(Self.run, without: without).wait()
        #expect(
            there.status == 0 && there.errors.contains("432 were stored already"), "\(there.errors)"
        )
        #expect(try !hasLog())
        try workspace.write("sweep.yaml", fortyTasks)
        let back = try start(Self.run, without: nil).wait()
        #expect(
            back.status == 0 && back.errors.contains("720 were stored already"), "\(back.errors)")
        #expect(try workspace.csvs("results/sweep") == reference && hasLog())
    }

    @Test(
        "A disk that fails is tried again until it is interrupted, and nothing that was computed is lost"
    )
    func failingDisk() throws {
        let flag = workspace.folder.appendingPathComponent("broken")
        let command = try Command(
            Self.run, in: workspace.folder,
            environment: ["LD_PRELOAD": library, "POORFS_EIO": flag.path])
        try eventually { command.workers.count == 2 }
        let brake = Brake(command.workers)
        defer { brake.release() }
        try eventually { StoredTasks.count(results) >= 3 }
        try Data().write(to: flag)
        try eventually {
            command.errorsSoFar.contains("could not be stored and will be tried again")
        }
        brake.release()
        try awaitIdleness(of: command.workers)
        #expect(command.status == nil)
        try FileManager.default.removeItem(at: flag)
        let run = try command.wait()
        #expect(run.status == 0 && run.errors.contains("could be stored again"), "\(run.errors)")
        #expect(try workspace.csvs("results/sweep") == reference)
        #expect(try StoredTasks(results).tasks.count == 40)
    }

    @Test("Of a log that can't be taken in there it is said what to do, and nothing is touched")
    func leftLog() throws {
        let (command, brake) = try startSlowly(without: nil)
        command.signal(SIGKILL)
        brake.release()
        _ = try command.wait()
        let run = try start(Self.run, without: "LOCK").wait()
        #expect(
            run.status == 2 && run.errors.contains("copy the folder to a local disk"),
            "\(run.errors)")
        #expect(try start(Self.run, without: nil).wait().status == 0)
        #expect(try workspace.csvs("results/sweep") == reference)
    }

    @Test("Who holds a folder on another machine can't be seen: it is said what to remove")
    func elsewhere() throws {
        try FileManager.default.createDirectory(at: results, withIntermediateDirectories: true)
        try workspace.write("results/sweep/.lock.held", "another-host 1 1")
        let run = try start(Self.run, without: "LOCK").wait()
        #expect(
            run.status == 2
                && run.errors.contains("process 1 on another-host; if that has ended, remove"),
            "\(run.errors)")
        try FileManager.default.removeItem(at: results.appendingPathComponent(".lock.held"))
        #expect(try start(Self.run, without: "LOCK").wait().status == 0)
    }
}

/// The toolchain's compiler of C.
enum Clang {
    static let isThere = canTest("poor file systems", "clang, which is in Swift's toolchain") {
        try run(["--version"]).status == 0
    }

    static func compile(_ source: URL, to library: String) throws {
        let compiled = try run(["-shared", "-fPIC", "-O1", "-o", library, source.path, "-ldl"])
        try #require(compiled.status == 0, "\(compiled.errors)")
    }

    private static func run(_ arguments: [String]) throws -> Command.Result {
        let workspace = try Workspace()
        return try Command(
            ["clang"] + arguments, in: workspace.folder, executable: URL(filePath: "/usr/bin/env")
        ).wait()
    }
}
