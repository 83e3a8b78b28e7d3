import Foundation
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

@Suite struct PrivateFolderTests {
    @Test func onlyThisUserEntersAndNothingStays() throws {
        var path = ""
        do {
            let folder = try PrivateFolder()
            path = folder.path
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o700)
            try Data().write(to: URL(filePath: path + "/coordinator"))
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func aPathTooLongForASocketIsAvoided() throws {
        let parent = try PrivateFolder()
        let long = parent.path + "/" + String(repeating: "x", count: 100)
        try FileManager.default.createDirectory(atPath: long, withIntermediateDirectories: true)
        let folder = try PrivateFolder(in: long)
        #expect(folder.path.hasPrefix("/tmp/kdsweep-"))
        #expect(folder.endpoint.utf8.count - "ipc://".utf8.count <= PrivateFolder.longestPath)
    }

    @Test("A socket without a listener is no sign of a killed process while its folder is in use")
    func staleFolders() throws {
        let parent = try PrivateFolder()
        let used = try PrivateFolder(in: parent.path)
        let left = parent.path + "/kdsweep-killed"
        try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: true)
        for folder in [used.path, left] { try leaveSocket(at: folder + "/coordinator") }
        let newest = try PrivateFolder(in: parent.path)
        #expect(FileManager.default.fileExists(atPath: used.path))
        #expect(!FileManager.default.fileExists(atPath: left))
        #expect(newest.path.hasPrefix(parent.path))
    }

    /// A socket's file, at which nobody listens.
    private func leaveSocket(at path: String) throws {
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0)
    }
}
