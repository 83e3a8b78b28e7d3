import Foundation
import Host
import Testing
import Waiting

@testable import Cluster

@Suite(.ownThread, .timeLimit(.minutes(2))) struct LocalLauncherTests {
    @Test func theDeadAreReapedAndReplaced() {
        var launcher = LocalLauncher(executable: "/bin/sleep", arguments: ["60"], count: 2)
        launcher.launch(tasks: 1)
        #expect(launcher.pids.count == 1, "no more workers than tasks")
        launcher.launch(tasks: 10)
        #expect(launcher.pids.count == 2)
        #expect(launcher.reap() == [])
        let pid = launcher.pids[0]
        kill(pid, SIGKILL)
        #expect(waitForExits(&launcher) == [.init(pid: pid, ending: .killed(signal: 9))])
        launcher.launch(tasks: 10)
        #expect(launcher.pids.count == 2 && !launcher.pids.contains(pid))
    }

    @Test func childrenEndWithTheirLauncher() {
        var pids: [pid_t] = []
        do {
            var launcher = LocalLauncher(executable: "/bin/sleep", arguments: ["60"], count: 3)
            launcher.launch(tasks: 3)
            pids = launcher.pids
        }
        #expect(pids.count == 3)
        for pid in pids { #expect(kill(pid, 0) == -1 && errno == ESRCH) }
    }

    /// `cat` ends when its input does. No sibling holds another's open.
    @Test func aChildSeesItsParentsEnd() throws {
        var older = try ChildProcess(executable: "/bin/cat", arguments: [])
        let younger = try ChildProcess(executable: "/bin/cat", arguments: [])
        #expect(older.reap() == nil)
        older.cutLifeline()
        var ending: ChildProcess.Ending?
        for _ in 0..<1000 where ending == nil {
            usleep(10_000)
            ending = older.reap()
        }
        #expect(ending == .exited(status: 0))
        _ = consume younger
    }

    @Test func aChildIsInAProcessGroupOfItsOwn() throws {
        let child = try ChildProcess(executable: "/bin/sleep", arguments: ["60"])
        #expect(getpgid(child.pid) == child.pid)
    }

    @Test func whatCannotBeStartedIsNamed() throws {
        let folder = try PrivateFolder()
        let plan = LocalLauncherPlan(
            executable: "/nonexistent/kdsweep", arguments: [], count: 1)
        let run = try startCoordinator(at: folder.endpoint, workers: plan).value()
        let reason =
            "3 workers in a row ended before they began a task; the last could not be started "
            + "(start /nonexistent/kdsweep: No such file or directory)"
        #expect(run.outcome == .gaveUp(reason: reason))
    }

    /// The news of its end can come before its last words.
    @Test func aWorkerThatBeganIsNotBarrenEvenIfItsEndIsKnownFirst() {
        var launcher = LocalLauncher(executable: "/bin/false", arguments: [], count: 1)
        for _ in 0..<10 {
            launcher.launch(tasks: 1)
            launcher.noteBeginning(pid: waitForExits(&launcher)[0].pid)
        }
        launcher.launch(tasks: 1)
        #expect(launcher.pids.count == 1)
    }

    @Test func workersThatNeverBeginATaskEndTheRun() throws {
        let folder = try PrivateFolder()
        let plan = LocalLauncherPlan(
            executable: "/bin/sh", arguments: ["-c", "exit 3"], count: 2)
        let run = try startCoordinator(at: folder.endpoint, workers: plan).value()
        guard case .gaveUp(let reason) = run.outcome else {
            Issue.record("\(run.outcome)")
            return
        }
        #expect(reason.hasSuffix("before they began a task; the last ended with exit status 3"))
        #expect(run.stored.isEmpty)
    }

    /// A puppet speaks for a child that can't.
    /// They may be replaced for a while: a machine that is wrong now and then has few of them.
    @Test func workersThatComputeWronglyEndTheRun() {
        var launcher = LocalLauncher(
            executable: "/bin/sh", arguments: ["-c", "exit \(Worker.miscalculationStatus)"],
            count: 2)
        var ended = 0
        while ended < LocalLauncher.miscalculationLimit {
            launcher.launch(tasks: 10)
            let exits = waitForExits(&launcher)
            guard !exits.isEmpty else {
                Issue.record("\(ended) have ended")
                return
            }
            for exit in exits { launcher.noteBeginning(pid: exit.pid) }
            ended += exits.count
        }
        while !launcher.pids.isEmpty { _ = waitForExits(&launcher) }
        #expect(launcher.despair?.contains("this machine computes wrongly") == true)
        launcher.launch(tasks: 10)
        #expect(launcher.pids.isEmpty)
    }

    @Test func aDeadChildsTaskIsTakenBackWithoutWaitingForSilence() throws {
        let folder = try PrivateFolder()
        let note = folder.path + "/pid"
        let plan = LocalLauncherPlan(
            executable: "/bin/sh",
            arguments: ["-c", "echo $$ > \(note).new; mv \(note).new \(note); exec sleep 60"],
            count: 1)
        let coordinator = try startCoordinator(
            at: folder.endpoint, blocks: [blocks[0]], timing: Timing(), crashLimit: 1,
            workers: plan)
        var pid: Int32?
        for _ in 0..<1000 where pid == nil {
            usleep(10_000)
            pid = (try? String(contentsOfFile: note, encoding: .utf8))
                .flatMap { Int32($0.dropLast()) }
        }
        var machine = Machine.current
        machine.pid = try #require(pid)
        let puppet = try Puppet(at: folder.endpoint)
        try puppet.sayHello(from: machine)
        _ = try puppet.hearAssignments(1)
        try puppet.say(.started(0))
        kill(machine.pid, SIGKILL)
        let run = try coordinator.value()
        #expect(run.seconds < 8, "silence would take ten")
        #expect(run.rows.allSatisfy { $0.status == .failed })
        #expect(run.rows[0].error == "crashed 1 worker; the last: killed by signal 9")
    }

    @Test func workersThatWontGoAreKilled() throws {
        let folder = try PrivateFolder()
        let interrupt = try Doorbell()
        let plan = LocalLauncherPlan(executable: "/bin/sleep", arguments: ["60"], count: 2)
        let coordinator = try startCoordinator(
            at: folder.endpoint, interrupt: interrupt, workers: plan)
        interrupt.ring()
        let run = try coordinator.value()
        #expect(run.outcome == .interrupted && run.seconds < 2)
    }

    private func waitForExits(_ launcher: inout LocalLauncher) -> [LocalLauncher.Exit] {
        for _ in 0..<1000 {
            let exits = launcher.reap()
            if !exits.isEmpty { return exits }
            usleep(10_000)
        }
        return []
    }
}
