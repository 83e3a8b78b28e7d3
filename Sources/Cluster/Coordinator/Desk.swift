import Foundation
import Logging
import Scheduling
import Sweep

/// Decides what the coordinator does and says. A value without sockets and clock. Workers' messages, the
/// ends of processes and the time go in; letters to workers come out, and results go to the store that is
/// passed to `settle`. `Workbench` is its counterpart in the worker.
struct Desk {
    /// An order for a session.
    struct Letter: Hashable, Sendable {
        var session: Sessions.Session
        var order: Order
        /// The worker behind the session; nil if it isn't known (yet).
        var worker: WorkerID?
    }

    /// What doesn't change in a run.
    struct Terms {
        /// BLAS threads of each worker.
        var threads: Int
        /// This coordinator process's random name.
        var incarnation: UInt64
        /// What this machine calls itself.
        var host: String
        /// Workers of this machine's own launcher, which share its memory; 0 if there is none.
        var localWorkers: Int
        /// How many workers a task may crash before it is given up; nil means any number.
        var crashLimit: Int?
        var timing: Timing
        /// How long workers of an earlier coordinator may take to come back; zero if there was none.
        var reunion = Duration.zero
    }

    let sweep: Sweep
    let sweepDigest: String
    /// How many tasks the sweep has, including those that earlier runs have finished.
    let taskCount: Int
    /// The tasks that this run has to compute, with the cells that are still wanted. These may become fewer
    /// before a task ends: a worker of an earlier coordinator, which wanted other cells, may bring a part.
    var blocks: [TaskID: Block]
    /// The tasks that may come to be wanted.
    private var prospects: [TaskID: Block]
    let terms: Terms
    let log: Logger

    /// The time of the last thing that happened; monotonic.
    var now: Duration
    /// The local launcher's workers that run, as far as is known.
    var children: Set<Int32> = []
    /// The memory and time that `Launch`'s workers have; nil before the first has come.
    var launched: WorkerKind?
    var scheduler: Scheduler
    var sessions = Sessions()
    var ledger = Ledger()
    var supply: Supply
    var tally: Tally
    /// How children ended that had not said hello by then. Their hello may still come.
    var orphans: [Int32: ChildProcess.Ending] = [:]
    var hasLoggedJunk = false
    /// How many assignments have been sent.
    var assignments: UInt64 = 0
    /// The hosts of which it was logged that their workers have more threads than cores.
    var crowdedHosts: Set<String> = []
    private var heartbeatAt = Duration.zero
    private var letters: [Letter] = []
    /// Children that have begun a task.
    private var beginners: [Int32] = []

    /// - Parameters:
    ///   - attachments: the files that the sweep names.
    ///   - blocks: the sweep's tasks of which at least one cell is wanted.
    ///   - prospects: those of which this may become so.
    ///   - needs: what each of all these tasks takes.
    init(
        sweep: Sweep, attachments: Attachments, blocks: [Block], prospects: [Block] = [],
        needs: [TaskID: Need], terms: Terms,
        log: Logger, now: Duration
    ) {
        precondition(
            Set(attachments.keys) == Set(sweep.attachmentDigests), "a sweep's files come with it")
        self.sweep = sweep
        sweepDigest = sweep.digest
        taskCount = sweep.tasks.count
        self.blocks = Dictionary(uniqueKeysWithValues: blocks.map { ($0.number, $0) })
        self.prospects = Dictionary(uniqueKeysWithValues: prospects.map { ($0.number, $0) })
        self.terms = terms
        self.log = log
        self.now = now
        supply = Supply(of: attachments)
        tally = Tally(
            tasksTotal: blocks.count, cellsTotal: blocks.reduce(0) { $0 + $1.wantedCount })
        scheduler = Scheduler(
            needs: needs, unwanted: Set(self.prospects.keys),
            // All of a run's own workers are on this machine and have equal shares, so no larger one will come.
            settings: .init(
                crashLimit: terms.crashLimit, silence: terms.timing.silence,
                expectsLargerWorkers: terms.localWorkers == 0, reunion: terms.reunion,
                expectedWorkers: terms.localWorkers), now: now)
    }

    /// Whether every task has ended and is stored.
    var isComplete: Bool { scheduler.isFinished && ledger.isEmpty }

    /// Whether more may be received. While the store takes nothing, results would fill this process'
    /// memory; left in the sockets, they wait at the workers.
    var hasRoom: Bool { ledger.rowCount < Self.mostRows }

    /// The letters that were written since the last call, to be sent in this order.
    mutating func takeLetters() -> [Letter] {
        defer { letters = [] }
        return letters
    }

    /// Children that have begun a task since the last call.
    mutating func takeBeginners() -> [Int32] {
        defer { beginners = [] }
        return beginners
    }

    /// Whether a letter can still be sent: not to a worker that was cut since it was written.
    func isCurrent(_ letter: Letter) -> Bool {
        letter.worker.map { sessions.session(of: $0) == letter.session } ?? true
    }

    /// The letter could not be sent, so the worker's session is cut. Its next message is answered with
    /// `whoAreYou`, and its hello then tells what it holds; without one it is soon silent for too long.
    mutating func noteUndelivered(_ letter: Letter) {
        guard isCurrent(letter), let worker = letter.worker else { return }
        sessions.cut(worker)
    }

    mutating func send(_ order: Order, to worker: WorkerID) {
        guard let session = sessions.session(of: worker) else { return }
        letters.append(Letter(session: session, order: order, worker: worker))
    }

    mutating func send(_ order: Order, in session: Sessions.Session) {
        letters.append(Letter(session: session, order: order, worker: nil))
    }

    /// Time has passed: the scheduler looks which workers have been silent for too long. Only called when
    /// the socket is empty, since a message that waits there would end a silence.
    mutating func tick(at time: Duration) {
        now = time
        handle(.ticked)
    }

    mutating func sendHeartbeats(at time: Duration) {
        now = time
        guard now >= heartbeatAt else { return }
        heartbeatAt = now + terms.timing.heartbeat
        // Sorted, so that a simulation with the same seed sends the same messages in the same order.
        for worker in sessions.peers.keys.sorted() where scheduler.knows(worker) {
            send(.heartbeat(incarnation: terms.incarnation), to: worker)
        }
    }

    /// Stores what the ledger has and then acknowledges it.
    ///
    /// - Parameter isLastChance: whether to try even if the store has failed just now.
    /// - Returns: whether anything was stored.
    /// - Throws: what the store throws; then nothing was acknowledged, and the same is stored later.
    @discardableResult
    mutating func settle(
        at time: Duration, isLastChance: Bool = false, store: ([Finished]) throws -> Void
    ) throws -> Bool {
        now = time
        guard isLastChance || ledger.isDue(at: now) else { return false }
        let settled = try ledger.settle(at: now, store: store)
        for finished in settled.stored { tally.count(finished) }
        for (task, worker) in settled.acknowledgements { send(.acknowledge(task), to: worker) }
        for (task, worker) in settled.parts { handle(.dropped(task, by: worker)) }
        return !settled.stored.isEmpty
    }

    /// These of the prospects are wanted from now on.
    mutating func want(_ tasks: [TaskID]) {
        guard !tasks.isEmpty else { return }
        for task in tasks {
            let block = prospects.removeValue(forKey: task)!
            blocks[task] = block
            tally.expect(block.wantedCount)
        }
        log.debug("the results ask for \(tasks.count) tasks more")
        handle(.wanted(tasks))
    }

    /// A worker has begun a task. If it is a child, the local launcher is told: its workers can work.
    mutating func noteBeginning(of worker: WorkerID) {
        guard let machine = sessions.peers[worker]?.machine, machine.host == terms.host else {
            return
        }
        beginners.append(machine.pid)
    }

    /// A child has ended. Its messages that had come by then were received before.
    mutating func bury(_ exit: LocalLauncher.Exit, at time: Duration) {
        now = time
        guard let worker = sessions.noteEnd(host: terms.host, pid: exit.pid) else {
            log.warning("a worker that had not said hello, or had said goodbye, \(exit.ending)")
            orphans[exit.pid] = exit.ending
            return
        }
        log.warning("worker \(worker) \(exit.ending)")
        noteDeparture(of: worker, because: "\(exit.ending)")
        handle(.died(worker, reason: "\(exit.ending)"))
    }

    static let mostRows = 200_000
}
