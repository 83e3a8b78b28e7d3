import Foundation
import Testing
import Waiting

/// A coordinator and two workers that are kept running whatever happens to them.
///
/// Unchecked: one thread's, and handed over whole when that has ended.
final class TroubledRun: @unchecked Sendable {
    let workspace: Workspace
    let sweep: TroubledSweep
    let change: Misfortune.Change
    /// How many coordinators there were.
    private var lives = 0
    private(set) var coordinator: Command
    private var workers: [Command] = []
    /// Until when.
    private var stopped: [(process: Command, until: ContinuousClock.Instant)] = []
    private var restartAt: ContinuousClock.Instant?
    private let begin = ContinuousClock.now
    /// What happened when.
    private(set) var story: [String] = []
    /// Troubles that came while tasks were unfinished.
    private(set) var hits: [Trouble] = []
    /// What nobody should have ended with, or said.
    private(set) var faults: [String] = []
    /// Which signals were sent to those that they were to end. An end may be seen late, and a second signal
    /// be sent to one that has ended by the first.
    private var signalled: [pid_t: Set<Int32>] = [:]
    /// How many have said that they miss somebody's word.
    private(set) var silences = 0

    private static let workerCount = 2

    init(_ sweep: TroubledSweep, _ change: Misfortune.Change) throws {
        workspace = try Workspace()
        (self.sweep, self.change) = (sweep, change)
        coordinator = try Self.startCoordinator(0, sweep, change, in: workspace)
        lives = 1
    }

    /// A run through all of that, to its end.
    static func through(_ misfortune: Misfortune) throws -> TroubledRun {
        let run = try TroubledRun(misfortune.sweep, misfortune.change)
        do {
            // The first trouble comes when there is something to lose.
            try run.pass(atMost: .seconds(30)) { StoredTasks.count(run.results) >= 2 }
            for blow in misfortune.blows { try run.suffer(blow) }
            try run.settle()
        } catch {
            throw Endless(description: "\(error):\n\(run.story.joined(separator: "\n"))")
        }
        return run
    }

    private struct Endless: Error, CustomStringConvertible { let description: String }

    var results: URL { workspace.folder.appendingPathComponent("results/sweep") }

    /// Whether every cell is stored and the CSVs are written.
    var isOver: Bool { coordinator.status == 0 }

    /// Whether the last coordinator has the edited sweep.
    var isEdited: Bool { change == .sweep && lives.isMultiple(of: 2) }

    private static func startCoordinator(
        _ life: Int, _ sweep: TroubledSweep, _ change: Misfortune.Change, in workspace: Workspace
    ) throws -> Command {
        let isOdd = !life.isMultiple(of: 2)
        try workspace.write("sweep.yaml", isOdd && change == .sweep ? sweep.edited : sweep.text)
        return try Command(
            [
                "coordinator", "sweep.yaml", "--listen", "tcp://127.0.0.1:*", "--crash-limit",
                "never", "--threads", isOdd && change == .threads ? "2" : "1",
            ], in: workspace.folder)
    }

    /// Lets time pass, and sees to it that whoever is gone is replaced.
    func pass(atMost limit: Duration, until condition: () -> Bool = { false }) throws {
        let end = ContinuousClock.now + limit
        while !isOver, !condition(), ContinuousClock.now < end {
            try tend()
            usleep(10_000)
        }
    }

    /// Deals a blow when its time has come.
    func suffer(_ blow: Misfortune.Blow) throws {
        let goal = StoredTasks.count(results) + blow.tasks
        try pass(atMost: blow.patience) { StoredTasks.count(results) >= goal }
        try pass(atMost: blow.delay)
        try pass(atMost: .seconds(3)) { !victims(of: blow.trouble).isEmpty }
        if !isOver { suffer(blow.trouble) }
    }

    /// Lets it end: nobody is bothered any more, and those who are stopped go on in their time.
    /// Returns when every process is gone.
    func settle() throws {
        try eventually(within: .seconds(90)) {
            try tend()
            return isOver
        }
        note("complete")
        // They slept through the end, or came after it, and may wait for a coordinator that never comes
        // back.
        let sleepers = stopped.map(\.process).filter { $0.status == nil }
        for sleeper in sleepers { sleeper.signal(SIGCONT) }
        end(sleepers, by: SIGTERM)
        try? eventually(within: .seconds(20)) {
            retire()
            return workers.allSatisfy { $0.errorsSoFar.contains("waiting for the coordinator") }
        }
        end(workers, by: SIGTERM)
        try eventually(within: .seconds(20)) {
            retire()
            return workers.isEmpty
        }
        examine(coordinator, role: "coordinator")
        note("all gone")
    }

    private func tend() throws {
        let now = ContinuousClock.now
        // The number of one that is gone may be another's by now.
        stopped.removeAll { $0.process.status != nil }
        for (process, _) in stopped.filter({ $0.until <= now }) {
            process.signal(SIGCONT)
            note("\(process.pid) goes on")
        }
        stopped.removeAll { $0.until <= now }
        retire()
        if coordinator.status != nil {
            guard !isOver else { return }
            if let restartAt {
                guard restartAt <= now else { return }
                self.restartAt = nil
            }
            examine(coordinator, role: "coordinator")
            coordinator = try Self.startCoordinator(lives, sweep, change, in: workspace)
            lives += 1
            note("coordinator \(coordinator.pid) starts")
        } else if workers.count < Self.workerCount, !isStopped(coordinator),
            coordinator.errorsSoFar.contains("listening on")
        {
            workers.append(try Command(["worker", "--log-level", "info"], in: workspace.folder))
            note("worker \(workers.last!.pid) starts")
        }
    }

    private func isStopped(_ process: Command) -> Bool {
        stopped.contains { $0.process === process }
    }

    private func note(_ text: String) {
        let time = Int((ContinuousClock.now - begin) / .milliseconds(1))
        story.append("\(time) ms: \(text)")
    }
}

// MARK: - Troubles

extension TroubledRun {
    private func suffer(_ trouble: Trouble) {
        let isUnfinished = StoredTasks.count(results) < 40
        let victims = victims(of: trouble)
        guard !victims.isEmpty else { return note("nobody is there for \(trouble)") }
        if isUnfinished { hits.append(trouble) }
        note("\(trouble): \(victims.map(\.pid))")
        switch trouble {
        case .workerKilled: end(victims, by: SIGKILL)
        case .workerAsked(let signal): end(victims, by: signal)
        case .workerStopped(let time), .allWorkersStopped(let time), .coordinatorStopped(let time):
            for victim in victims {
                victim.signal(SIGSTOP)
                stopped.append((victim, .now + time))
            }
        case .coordinatorKilled(let time):
            restartAt = .now + time
            end(victims, by: SIGKILL)
        case .coordinatorAsked(let signal, let time):
            restartAt = .now + time
            end(victims, by: signal)
        }
    }

    private func victims(of trouble: Trouble) -> [Command] {
        let present = workers.filter { $0.status == nil }
        return switch trouble {
        // The one that was started first.
        case .workerKilled, .workerAsked, .workerStopped: Array(present.prefix(1))
        case .allWorkersStopped: present
        case .coordinatorKilled, .coordinatorAsked, .coordinatorStopped:
            coordinator.status == nil ? [coordinator] : []
        }
    }

    private func end(_ victims: [Command], by signal: Int32) {
        for victim in victims {
            signalled[victim.pid, default: []].insert(signal)
            victim.signal(signal)
        }
    }
}

// MARK: - Who has ended, and how

extension TroubledRun {
    private func retire() {
        for worker in workers where worker.status != nil { examine(worker, role: "worker") }
        workers.removeAll { $0.status != nil }
    }

    /// An ended process must have ended as it was made to.
    private func examine(_ process: Command, role: String) {
        guard let status = process.status else { return }
        let errors = process.errorsSoFar
        note("\(role) \(process.pid) has ended with \(status)")
        let signals = signalled[process.pid] ?? []
        let isExpected =
            switch (role, status) {
            case (_, 0): true
            case (_, SIGKILL): signals.contains(SIGKILL)
            case ("coordinator", 130): !signals.isDisjoint(with: [SIGTERM, SIGINT])
            // It was asked to go while it looked for its coordinator.
            case ("worker", SIGTERM), ("worker", SIGINT): signals.contains(status)
            // Before it listens, a signal ends it at once.
            case ("coordinator", SIGTERM), ("coordinator", SIGINT):
                signals.contains(status) && !errors.contains("listening on")
            default: false
            }
        if errors.contains("no word from") { silences += 1 }
        if !isExpected { faults.append("\(role) \(process.pid) ended with \(status): \(errors)") }
        for word in ["error:", "malformed", "given up", "Fatal", "could not be stored", "failed"]
        where errors.contains(word) {
            faults.append("\(role) \(process.pid) said \(word): \(errors)")
        }
    }
}
