import Foundation
import Host
import Scheduling
import Testing

@testable import Cluster

/// What a launcher is told, and what is made of its answers.
@Suite struct LaunchTests {
    private let folder: URL
    private let launch: Launch

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "kdsweep-launch-\(UUID().uuidString)")
        launch = Self.launch(with: "/bin/false", in: folder)
    }

    private static func launch(with executable: String, in folder: URL) -> Launch {
        Launch(
            name: "slurm", executable: executable, options: ["--partition=short"],
            run: "kdsweep-a-1234", command: ["/bin/kdsweep", "worker", "--access", "/a b.json"],
            access: URL(filePath: "/a b.json"), folder: folder, threads: 2,
            growth: .init(maximum: 3))
    }

    @Test("The contract's arguments and environment")
    func orders() {
        #expect(launch.arguments(of: .list) == ["list", "kdsweep-a-1234"])
        #expect(
            launch.arguments(of: .start(3)) == [
                "start", "kdsweep-a-1234", "3", "--partition=short", "--", "/bin/kdsweep", "worker",
                "--access", "/a b.json",
            ])
        #expect(
            launch.arguments(of: .stop(["1_2", "3"])) == ["stop", "kdsweep-a-1234", "1_2", "3"])
        #expect(
            launch.environment == [
                "KDSWEEP_FOLDER": folder.path, "KDSWEEP_ACCESS": "/a b.json",
                "KDSWEEP_THREADS": "2",
            ])
    }

    @Test("Answers as the contract has them, and others")
    func answers() {
        func outcome(_ order: Launch.Request, _ output: String) -> Growth.Event {
            Launch.outcome(of: order, output: output)
        }
        #expect(outcome(.list, "") == .listed([:]))
        #expect(
            outcome(.list, "7_1 running\n\n 7_2  queued \n")
                == .listed(["7_1": .running, "7_2": .queued]))
        #expect(
            outcome(.list, "7_1 PENDING\n")
                == .failed(
                    reason:
                        "it printed '7_1 PENDING', which is neither 'ID queued' nor 'ID running'"
                ))
        #expect(outcome(.start(2), "7_1\n7_2\n") == .started(["7_1", "7_2"]))
        #expect(outcome(.start(2), "") == .started([]))
        #expect(
            outcome(.start(2), "Submitted batch job 7\n")
                == .failed(
                    reason: "it printed 'Submitted batch job 7' where a worker's id should be"))
        #expect(outcome(.stop(["7"]), "whatever") == .stopped)
    }

    private func begin(_ script: String, _ order: Launch.Request) throws -> LauncherCall {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "launcher")
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: file)
        chmod(file.path, 0o755)
        while true {
            do {
                return try LauncherCall(Self.launch(with: file.path, in: folder), order, at: .zero)
            } catch let error as SystemError where error.description.contains("Text file busy") {
                // A process that another test starts now has the script open until it is another.
                usleep(10_000)
            }
        }
    }

    private func run(_ script: String, _ order: Launch.Request) throws -> Growth.Event {
        var call = try begin(script, order)
        for _ in 0..<2000 {
            if let outcome = call.outcome(at: .seconds(1)) { return outcome }
            usleep(5_000)
        }
        return .ticked
    }

    @Test("A launcher that runs: its answer, its words where it fails, an end where it hangs")
    func calls() throws {
        #expect(try run("echo $1 $2 | sed 's/list.*/a queued/'", .list) == .listed(["a": .queued]))
        #expect(try run("echo $KDSWEEP_THREADS", .start(1)) == .started(["2"]))
        #expect(
            try run("echo 'no partition ' >&2; echo; echo sorry >&2; exit 3", .start(1))
                == .failed(reason: "no partition; sorry", isFinal: true))
        #expect(try run("exit 4", .list) == .failed(reason: "ended with exit status 4"))
        #expect(throws: SystemError.self) {
            _ = try LauncherCall(
                Self.launch(with: "/nowhere/launcher", in: folder), .list, at: .zero)
        }
        var call = try begin("sleep 600", .list)
        #expect(call.outcome(at: .seconds(59)) == nil)
        #expect(
            call.outcome(at: .seconds(60)) == .failed(reason: "no answer within 60.0 seconds"))
        try FileManager.default.removeItem(at: folder)
    }

    @Test("A worker's last words are shown; logs without a word go")
    func logs() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("warning\nkdsweep: the coordinator can't be reached\n".utf8)
            .write(to: launch.log(of: "7_1"))
        try Data().write(to: launch.log(of: "7_2"))
        #expect(launch.lastWords(of: "7_1") == "kdsweep: the coordinator can't be reached")
        #expect(launch.lastWords(of: "7_2") == nil && launch.lastWords(of: "7_3") == nil)
        launch.removeEmptyLogs()
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(left == ["7_1.log"])
        try FileManager.default.removeItem(at: folder)
    }
}
