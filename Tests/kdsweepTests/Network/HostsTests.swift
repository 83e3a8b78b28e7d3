import Dashboard
import Foundation
import Testing
import Waiting

@testable import kdsweep

/// A coordinator and two workers on three hosts, whose links are cut and healed during the work.
@Suite(.enabled(if: Hosts.arePossible), .timeLimit(.minutes(2))) struct HostsTests {
    private let hosts: Hosts
    private let reference: [String]

    private static let tasks = 100
    private static let cells = 100 * 3 * 3 * 2 * 2

    /// Of a table, which no host but the head has.
    private static let sweep = """
        task: {kind: table, file: points.csv}
        oracle_samples: 320
        test_samples: 200
        grid:
          width: [48, infinite]
          sample_size: [20, 80, 300]
          soft_ratio: [0, 0.2, 1]
          teacher_noise: [0, 1]
          depth: 2
          ridge: [0, 0.01]
          seed: {from: 0, to: 49, count: 50}
        """

    private static let table: String = {
        var state: UInt64 = 1
        func number() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / 0x1p53 - 0.5
        }
        let rows = (0..<1000).map { _ in
            let features = (0..<6).map { _ in number() }
            let logit = 8 * features[0] + 4 * features[1] * features[2]
            let columns = features + [logit + number()]
            return columns.map { "\($0)" }.joined(separator: ",") + (logit > 0 ? ",1" : ",0")
        }
        let header = (0..<6).map { "x\($0)" }.joined(separator: ",") + ",teacher_logit,label"
        return ([header] + rows).joined(separator: "\n") + "\n"
    }()

    /// What an undisturbed run on one machine writes.
    private static let reference = Result {
        let workspace = try Workspace()
        try prepare(workspace)
        let run = try workspace.run("run", "sweep.yaml", "--workers", "2")
        try #require(run.status == 0, "\(run.errors)")
        return try workspace.csvs("results/sweep")
    }

    private static func prepare(_ workspace: Workspace) throws {
        try workspace.write("sweep.yaml", sweep)
        try workspace.write("points.csv", table)
    }

    init() throws {
        reference = try Self.reference.get()
        hosts = try Hosts()
        try Self.prepare(hosts.head.workspace)
    }

    private var results: URL {
        hosts.head.workspace.folder.appendingPathComponent("results/sweep")
    }

    /// Returns when it listens, and each host has a copy of its access file.
    private func startCoordinator() throws -> Command {
        let coordinator = try hosts.head.start("coordinator", "sweep.yaml", "--listen", "tcp://*:*")
        try eventually { coordinator.errorsSoFar.contains("listening on") }
        for worker in hosts.workers {
            try FileManager.default.copyItem(
                at: try accessFile(), to: worker.workspace.folder.appendingPathComponent("copy"))
        }
        return coordinator
    }

    private func accessFile() throws -> URL {
        let files = try FileManager.default.contentsOfDirectory(
            at: hosts.head.workspace.folder.appendingPathComponent("home/access"),
            includingPropertiesForKeys: nil)
        return try #require(files.first)
    }

    private func status() throws -> RunState {
        try Status(encoded: Data(contentsOf: results.appendingPathComponent(".status.json"))).run
    }

    /// What the coordinator last wrote of a worker; nil while it isn't there.
    private func standing(of host: Host) throws -> RunState.Worker? {
        try status().workers.first { $0.host == host.name }
    }

    /// How often a task was given to a worker while another had it or had been given up with it.
    private func repetitions() throws -> Int {
        let tasks = try status().tasks
        return tasks.attempts - tasks.finished - tasks.leased - tasks.running
    }

    /// Two workers that have both brought results, and go on slowly.
    private func startWorkers() throws -> (workers: [Command], brake: Brake) {
        let workers = try hosts.workers.map { try $0.start("worker", "--access", "copy") }
        let brake = Brake(workers.map(\.pid))
        try eventually { StoredTasks.count(results) >= 1 }
        try eventually {
            try hosts.workers.allSatisfy { try standing(of: $0).map { $0.finished > 0 } ?? false }
        }
        return (workers, brake)
    }

    private func checkComplete(_ coordinator: Command, _ workers: [Command]) throws {
        let run = try coordinator.wait()
        #expect(run.status == 0, "\(run.errors)")
        #expect(try hosts.head.workspace.csvs("results/sweep") == reference)
        let stored = try StoredTasks(results)
        #expect(stored.rows == Self.cells && stored.cells == Self.cells)
        #expect(stored.tasks.count == Self.tasks)
        #expect(Set(stored.tasks.map(\.block)).count == Self.tasks)
        for worker in workers {
            let ended = try worker.wait()
            #expect(ended.status == 0, "\(ended.errors)")
        }
    }

    @Test("A host that is cut off loses its tasks to the others, and is welcome when it is back")
    func workerCut() throws {
        let coordinator = try startCoordinator()
        let (workers, brake) = try startWorkers()
        defer { brake.release() }
        try hosts.cut(hosts.workers[0])
        try eventually { coordinator.errorsSoFar.contains("no word from worker") }
        // The other one is given what it had.
        try eventually { try repetitions() > 0 }
        #expect(try status().workers.map(\.host) == [hosts.workers[1].name])
        #expect(try status().tasks.waiting > 0, "the sweep is too short")
        try hosts.heal(hosts.workers[0])
        try eventually {
            try standing(of: hosts.workers[0]).map { $0.finished > 0 } ?? false
        }
        brake.release()
        try checkComplete(coordinator, workers)
    }

    @Test("A coordinator's host that is cut off gives its workers up, and they come back")
    func headCut() throws {
        let coordinator = try startCoordinator()
        let (workers, brake) = try startWorkers()
        defer { brake.release() }
        try hosts.cut(hosts.head)
        try eventually { try status().workers.isEmpty }
        #expect(
            coordinator.errorsSoFar.components(separatedBy: "no word from worker").count == 3)
        let stored = StoredTasks.count(results)
        try hosts.heal(hosts.head)
        try eventually { StoredTasks.count(results) > stored }
        brake.release()
        try checkComplete(coordinator, workers)
    }

    @Test("A short cut costs nothing: no task is given anew")
    func shortCut() throws {
        let coordinator = try startCoordinator()
        let (workers, brake) = try startWorkers()
        defer { brake.release() }
        try hosts.cut(hosts.workers[0])
        // Missed by the coordinator, and for less long than after which it is given up.
        try eventually { try #require(try standing(of: hosts.workers[0])).heardSecondsAgo > 2 }
        let before = try #require(try standing(of: hosts.workers[0]))
        try hosts.heal(hosts.workers[0])
        try eventually {
            try standing(of: hosts.workers[0]).map { $0.finished > before.finished + 2 } ?? false
        }
        #expect(try status().tasks.waiting > 0, "the sweep is too short")
        #expect(try repetitions() == 0)
        #expect(!coordinator.errorsSoFar.contains("no word from worker"))
        brake.release()
        try checkComplete(coordinator, workers)
    }

    @Test("An access file lists the name and address of its host; workers say what they can't use")
    func addresses() throws {
        let coordinator = try startCoordinator()
        let content = try JSONSerialization.jsonObject(with: Data(contentsOf: accessFile()))
        let access = try #require(content as? [String: Any])
        let port = try #require(access["port"] as? Int)
        #expect(
            access["hosts"] as? [String] == [hosts.head.name, hosts.head.address, "127.0.0.1"])
        let worker = try hosts.workers[0].start("worker", "--access", "copy")
        try eventually { StoredTasks.count(results) >= 1 }
        let notice = "not reached: \(hosts.head.name):\(port): the name can't be resolved"
        #expect(worker.errorsSoFar.contains(notice), "\(worker.errorsSoFar)")
        #expect(!worker.errorsSoFar.contains(hosts.head.address), "\(worker.errorsSoFar)")
        try hosts.cut(hosts.workers[1])
        let cutOff = try hosts.workers[1].start(
            "worker", "--access", "copy", "--idle-timeout", "1"
        ).wait()
        #expect(cutOff.status == 0)
        #expect(cutOff.errors.contains("\(hosts.head.address):\(port): no"), "\(cutOff.errors)")
        try checkComplete(coordinator, [worker])
    }
}
