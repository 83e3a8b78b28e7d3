import Foundation
import Host
import Testing
import Waiting

@testable import Cluster
@testable import Dashboard
@testable import kdsweep

/// How a run stands, seen from beside it.
struct StatusTests {
    private let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        try workspace.write("sweep.yaml", fortyTasks)
    }

    private var results: URL { workspace.folder.appendingPathComponent("results/sweep") }

    private func status() throws -> Status {
        let run = try workspace.run("status", "--json")
        try #require(run.status == 0, "\(run.errors)")
        return try Status(encoded: Data(run.output.utf8))
    }

    private func text() throws -> String {
        let run = try workspace.run("status", "results/sweep")
        #expect(run.status == 0 && run.errors == "", "\(run.errors)")
        return run.output
    }

    @Test("During a run, after a kill -9, after an interrupt, and after the end")
    func aRunsLife() throws {
        let command = try Command(["run", "sweep.yaml", "--workers", "2"], in: workspace.folder)
        try eventually { command.workers.count == 2 }
        let workers = command.workers
        let brake = Brake(workers)
        defer { brake.release() }
        try eventually { StoredTasks.count(results) >= 4 }
        brake.release()
        // So that there is something to see for as long as it takes.
        for worker in workers { kill(worker, SIGSTOP) }
        defer { for worker in workers { kill(worker, SIGKILL) } }
        var seen = try status()
        try eventually(within: .soon) {
            seen = try status()
            return seen.run.tasks.finished >= 4 && seen.run.workers.count == 2
        }
        #expect(seen.run.state == .running && seen.process.pid == command.pid)
        #expect(seen.process.isAlive == true)
        #expect(
            seen.run.cells.total == 1440 && seen.run.cells.done > 0 && seen.run.cells.perSecond > 0)
        #expect(seen.run.tasks.attempts > seen.run.tasks.finished)
        #expect(Set(seen.run.workers.map(\.pid)) == Set(workers))
        #expect(seen.run.secondsLeft != nil)
        let during = try text()
        #expect(during.hasPrefix("sweep: running for "), "\(during)")
        for worker in workers { #expect(during.contains(":\(worker) "), "\(during)") }

        command.signal(SIGKILL)
        _ = try command.wait()
        #expect(try status().run.state == .running)
        #expect(try text().contains("sweep: killed or crashed after "))

        let second = try Command(["run", "sweep.yaml", "--workers", "1"], in: workspace.folder)
        try eventually { (try? status().process.pid) == second.pid }
        second.signal(SIGINT)
        #expect(try second.wait().status == 130)
        #expect(try status().run.state == .interrupted)
        #expect(try text().contains("sweep: interrupted after "))

        #expect(try workspace.run("run", "sweep.yaml").status == 0)
        let last = try status()
        #expect(last.run.state == .finished && last.run.secondsLeft == nil)
        #expect(last.run.cells.storedBefore > 0)
        #expect(last.run.cells.storedBefore + last.run.cells.done == 1440)
        #expect(try text().contains("1440 of 1440 stored"))
        #expect(
            try workspace.run("status", "--json").output
                == workspace.read("results/sweep/.status.json"))
        // Nothing to do is finished too.
        #expect(try workspace.run("run", "sweep.yaml").status == 0)
        #expect(try status().run.cells.storedBefore == 1440)
    }

    @Test("Without a folder the newest snapshot is shown; what is no snapshot is refused")
    func whichFolder() throws {
        func write(_ name: String, _ text: String) throws {
            try FileManager.default.createDirectory(
                at: workspace.folder.appendingPathComponent("results/\(name)"),
                withIntermediateDirectories: true)
            try workspace.write("results/\(name)/.status.json", text)
        }
        func snapshot(of name: String) throws -> String {
            String(decoding: try fixed(name: name).encoded(), as: UTF8.self)
        }
        let none = try workspace.run("status")
        #expect(none.status == 2 && none.errors.contains("no run has left a snapshot"))
        try write("b", snapshot(of: "older"))
        try write("a", snapshot(of: "newer"))
        try FileManager.default.setAttributes(
            [.modificationDate: Date.now - 60],
            ofItemAtPath: workspace.folder.path + "/results/b/.status.json")
        try FileManager.default.createDirectory(
            at: workspace.folder.appendingPathComponent("results/c"),
            withIntermediateDirectories: true)
        #expect(try workspace.run("status").output.hasPrefix("newer: "))
        #expect(try workspace.run("status", "results/b").output.hasPrefix("older: "))
        for (text, complaint) in [
            ("", "not a snapshot"), ("{\"version\": 1}", "damaged"),
            ("{\"version\": 2, \"sweep\": []}", "its format is 2"),
        ] {
            try write("a", text)
            let run = try workspace.run("status")
            #expect(run.status == 2 && run.output == "", "\(run.output)")
            #expect(run.errors.contains("results/a/.status.json: "), "\(run.errors)")
            #expect(run.errors.contains(complaint), "\(run.errors)")
        }
    }

    // MARK: What it says

    private static let standing = Standing(
        cellsDone: 4230, cellsFailed: 3, cellsTotal: 10_330, tasksDone: 31, tasksTotal: 57,
        tasks: .init(waiting: 20, leased: 4, running: 2, finished: 30, failed: 1, attempts: 61),
        workers: [
            .init(
                host: "head", pid: 4712, running: [17], queued: 1, finished: 15, cells: 2100,
                age: .seconds(700), silence: .milliseconds(230)),
            .init(
                host: "node-12", pid: 99, running: [3, 18], queued: 0, finished: 1505,
                cells: 2130, age: .seconds(25), silence: .seconds(7)),
            .init(
                host: "w", pid: 1, running: [], queued: 0, finished: 0, cells: 0, age: .zero,
                silence: .zero),
        ],
        elapsed: .seconds(725), timeLeft: .seconds(190), malformed: 5,
        strangers: 2)

    private func fixed(
        name: String = "imperfect-teacher", _ standing: Standing = Self.standing,
        state: RunState.State = .running, reason: String? = nil
    ) throws -> Status {
        Status(
            run: RunReporter(sweep: name, storedBefore: 470)
                .state(of: standing, state, because: reason),
            process: ProcessIdentity(host: "head", pid: 4711, startTicks: 8),
            writtenAt: Date(timeIntervalSince1970: 1_700_000_000))
    }

    private func report(_ status: Status, age: Double, isAlive: Bool?) -> [String] {
        StatusReport(
            status, in: "results/x", now: status.writtenAt + age, isAlive: isAlive
        ).text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test("Cells that are expected beyond the certain ones, and until when")
    func expected() throws {
        var standing = Self.standing
        standing.cellsExpected = standing.cellsTotal + 5000
        let status = try fixed(standing)
        #expect(status.run.cells.expected == standing.cellsTotal + 5000)
        #expect(status.run.secondsExpected! > status.run.secondsLeft!)
        let lines = report(status, age: 0, isAlive: true)
        let total = 470 + standing.cellsTotal
        #expect(
            lines.contains {
                $0.contains(" of \(total) stored, some \(total + 5000) expected in ")
            },
            "\(lines)")
        // What was expected of a run that has ended says nothing.
        #expect(try fixed(standing, state: .finished).run.cells.expected == nil)
    }

    @Test("A running sweep, word for word")
    func running() throws {
        #expect(
            report(try fixed(), age: 0.5, isAlive: true).joined(separator: "\n") == """
                imperfect-teacher: running for 12 min 5 s, 3 min 10 s left
                results/x, process 4711 on head

                cells    4700 of 10800 stored, 470 of them by earlier runs, 3 failed, 5.8/s
                tasks    20 waiting, 4 leased, 2 running, 30 finished, 1 failed; 61 attempts
                junk     5 malformed messages dropped, 2 strangers turned away

                WORKER      TASK  QUEUED  FINISHED  CELLS/S  LAST HEARD
                head:4712     17       1        15      3.0   0.2 s ago
                node-12:99  3,18       0      1505     85.2   7.0 s ago
                w:1            -       0         0      0.0   0.0 s ago

                """)
        let idle = report(try fixed(.idle), age: 0, isAlive: nil)
        #expect(idle[0] == "imperfect-teacher: running for 0 s")
        #expect(idle.suffix(2) == ["no worker is there", ""])
    }

    @Test("Tasks that failed and workers that are gone, with why")
    func troubles() throws {
        var standing = Self.standing
        standing.tasks.failed = 8
        standing.failures = (1...6).map { number in
            .init(
                task: number, cells: number, reason: "reason \(number)",
                at: .seconds(700 + number))
        }
        standing.departures = [
            .init(host: "head", pid: 7, reason: "killed by signal 9", at: .seconds(600))
        ]
        let status = try fixed(standing)
        let lines = report(status, age: 1, isAlive: true)
        #expect(
            lines.filter { $0.hasPrefix("failed") || $0.hasPrefix("      ") } == [
                "failed   task 6, 6 cells: reason 6", "failed   task 5, 5 cells: reason 5",
                "failed   task 4, 4 cells: reason 4", "failed   task 3, 3 cells: reason 3",
                "failed   task 2, 2 cells: reason 2", "         and 3 more",
            ])
        #expect(lines.suffix(3) == ["", "gone     head:7, 2 min 6 s ago: killed by signal 9", ""])
        // How a run ended is told with its failures.
        let ended = try fixed(standing, state: .finished)
        #expect(report(ended, age: 1, isAlive: nil).contains("         and 3 more"))

        let object = try #require(
            try JSONSerialization.jsonObject(with: status.encoded()) as? [String: Any])
        let failures = try #require(object["failures"] as? [[String: Any]])
        #expect(failures.count == 6 && failures[0]["task"] as? Int == 6)
        #expect(failures[0]["reason"] as? String == "reason 6")
        #expect(failures[0]["seconds_ago"] as? Double == 19)
        let gone = try #require((object["gone_workers"] as? [[String: Any]])?.first)
        #expect(gone["pid"] as? Int == 7 && gone["seconds_ago"] as? Double == 125)
        #expect(try Status(encoded: status.encoded()) == status)
    }

    @Test("What became of a run that says nothing new")
    func pulses() throws {
        let status = try fixed()
        let stopped = report(status, age: 65, isAlive: true)
        #expect(stopped[0] == "imperfect-teacher: no news for 1 min 5 s")
        #expect(stopped[1].hasSuffix("it is there, but may be stopped, or its disk is full"))
        #expect(stopped.contains { $0.hasPrefix("WORKER") })
        let unseen = report(status, age: 6, isAlive: nil)
        #expect(unseen[1].hasSuffix("whether it is there can't be seen from here"))
        let gone = report(status, age: 0, isAlive: false)
        #expect(gone[0].hasPrefix("imperfect-teacher: killed or crashed after 12 min 5 s"))
        #expect(!gone.contains { $0.hasPrefix("WORKER") })
        // Clocks of two hosts differ.
        #expect(report(status, age: -30, isAlive: nil)[0].contains("running for"))
        let broken = report(
            try fixed(state: .failed, reason: "no workers"), age: 1e6, isAlive: false)
        #expect(broken[0] == "imperfect-teacher: broken off after 12 min 5 s: no workers")
        #expect(broken[1] == "results/x, process 4711 on head at 2023-11-14T22:13:20Z")
    }

    @Test("A snapshot reads back, with keys that a script can rely on")
    func json() throws {
        let status = try fixed()
        let data = try status.encoded()
        #expect(try Status(encoded: data) == status)
        let object = try #require(
            try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(
            object.keys.sorted() == [
                "cells", "elapsed_seconds", "malformed_messages", "process", "seconds_left",
                "state", "strangers_turned_away", "sweep", "tasks", "version", "workers",
                "written_at",
            ])
        #expect(object["written_at"] as? String == "2023-11-14T22:13:20Z")
        let worker = try #require((object["workers"] as? [[String: Any]])?.first)
        #expect(worker["heard_seconds_ago"] as? Double == 0.23)
        #expect(worker["cells_per_second"] as? Double == 3)
    }
}
