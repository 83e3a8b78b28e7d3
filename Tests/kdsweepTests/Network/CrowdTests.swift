import Foundation
import Testing
import Waiting

/// Crowds of strangers at a coordinator's port: the work goes on.
@Suite(.serialized, .timeLimit(.minutes(5))) struct CrowdTests {
    private let network: Network

    init() throws { network = try Network() }

    private func checkComplete(_ coordinator: Command, _ workers: [Command]) throws {
        let run = try coordinator.wait()
        #expect(run.status == 0, "\(run.errors)")
        #expect(try network.workspace.csvs("results/sweep") == network.reference)
        let stored = try StoredTasks(network.results)
        #expect(stored.rows == stored.cells && stored.cells == 1440)
        for worker in workers {
            let ended = try worker.wait()
            #expect(ended.status == 0, "\(ended.errors)")
        }
    }

    /// The processor time that a coordinator and two workers take for a sweep of some seconds, with so
    /// many strangers at the port. Unlike the time on the clock it tells little of what else the
    /// machine does.
    private func effort(strangers: Int) throws -> (time: Double, csvs: [String]) {
        let network = try Network()
        try network.workspace.write(
            "sweep.yaml", fortyTasks.replacing("to: 19, count: 20", with: "to: 199, count: 200"))
        let coordinator = try network.startCoordinator()
        let crowd = try Crowd(of: strangers, at: network.port(), filling: coordinator)
        defer { crowd.leave() }
        let before = processorTime(of: coordinator.pid) ?? 0
        let workers = [try network.startWorker(), try network.startWorker()]
        var times: [pid_t: Double] = [:]
        try eventually(within: .seconds(90)) {
            let there = ([coordinator] + workers).map(\.pid).filter(isRunning)
            for pid in there { times[pid] = processorTime(of: pid) ?? times[pid] }
            return there.isEmpty
        }
        #expect(try coordinator.wait().status == 0)
        for worker in workers { #expect(try worker.wait().status == 0) }
        let time = times.values.reduce(0, +) - before
        return (time, try network.workspace.csvs("results/sweep"))
    }

    /// Seconds, of all threads; nil after the process' end.
    private func processorTime(of pid: pid_t) -> Double? {
        let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        guard let fields = stat?.split(separator: ")").last?.split(separator: " "),
            fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12])
        else { return nil }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    @Test("Ten thousand strangers who stay without a word cost a sweep a tenth at most")
    func idle() throws {
        var best = (alone: Double.infinity, crowded: Double.infinity)
        // Whatever else the machine does only adds to a time: the shortest ones are compared.
        for _ in 1...5 {
            let alone = try effort(strangers: 0)
            let crowded = try effort(strangers: 10_000)
            #expect(alone.csvs == crowded.csvs)
            best = (min(best.alone, alone.time), min(best.crowded, crowded.time))
            if best.crowded < best.alone * 1.1 { break }
        }
        #expect(best.crowded < best.alone * 1.1)
    }

    @Test("Workers find a restarted coordinator again through ten thousand strangers")
    func restart() throws {
        let first = try network.startCoordinator()
        let (workers, brake) = try network.startSlowWorkers(2, untilStored: 5)
        first.signal(SIGKILL)
        brake.release()
        _ = try first.wait()
        for worker in workers { worker.signal(SIGSTOP) }
        let second = try network.startCoordinator()
        let crowd = try Crowd(of: 10_000, at: network.port(), filling: second)
        for worker in workers { worker.signal(SIGCONT) }
        try checkComplete(second, workers)
        crowd.leave()
    }

    @Test(
        "A thousand who say half a greeting, or anything, get nothing beyond the handshake",
        arguments: [
            Array(Zmtp.greeting(mechanism: "CURVE").prefix(32)),
            Array(Zmtp.greeting(mechanism: "CURVE").prefix(1)),
            (0..<500).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 3) },
        ])
    func babble(words: [UInt8]) throws {
        let coordinator = try network.startCoordinator()
        let (workers, brake) = try network.startSlowWorkers(2, untilStored: 1)
        defer { brake.release() }
        let crowd = try Crowd(of: 1000, at: network.port(), saying: words)
        #expect(try crowd.mostHeard() <= Zmtp.greetingLength)
        brake.release()
        try checkComplete(coordinator, workers)
    }

    @Test("With no descriptors left the work goes on, and newcomers get in when strangers are cut")
    func noDescriptors() throws {
        let coordinator = try Command(
            [
                "-c", "ulimit -n 256 && exec \"$0\" \"$@\"", Command.executable.path,
                "coordinator", "sweep.yaml", "--listen", "tcp://127.0.0.1:*",
            ], in: network.workspace.folder, executable: URL(filePath: "/bin/sh"))
        try eventually { coordinator.errorsSoFar.contains("listening on") }
        let (workers, brake) = try network.startSlowWorkers(1, untilStored: 1)
        defer { brake.release() }
        let crowd = try Crowd(of: 256, at: network.port(), filling: coordinator)
        let stored = StoredTasks.count(network.results)
        let second = try network.startWorker()
        try eventually { StoredTasks.count(network.results) > stored }
        try eventually { (try? StoredTasks(network.results).workers) == 2 }
        brake.release()
        try checkComplete(coordinator, workers + [second])
        crowd.leave()
    }
}
