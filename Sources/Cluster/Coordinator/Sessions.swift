import Scheduling

/// Which worker is behind which session. A session is a connection, by the name that the router gave it.
struct Sessions {
    typealias Session = [UInt8]

    struct Peer {
        var machine: Machine
        /// The worker's session; nil while it has none, until it says hello again.
        var session: Session?
        /// Its process has ended. What it sent before may still come in.
        var hasEnded = false
        /// The bytes that it has asked for; nil if it waits for none.
        var need: DataNeed?
        /// By task, the number of the assignment that gave it: the last one's.
        var assigned: [TaskID: UInt64] = [:]
        /// By a file's digest, where its next request may begin: a session loses nothing, so the worker asks
        /// for nothing twice.
        var unsentFrom: [String: Int] = [:]
    }

    private(set) var peers: [WorkerID: Peer] = [:]
    private var workers: [Session: WorkerID] = [:]
    /// Which workers share the same processors.
    private var neighbours: [Machine.Place: Set<WorkerID>] = [:]

    /// The worker said hello; its newest session replaces the older.
    mutating func open(_ session: Session, for worker: WorkerID, on machine: Machine) {
        cut(worker)
        if let other = workers[session], other != worker { cut(other) }
        peers[worker] = Peer(machine: machine, session: session)
        workers[session] = worker
        neighbours[machine.place, default: []].insert(worker)
    }

    /// Ends the worker's session: messages that still come in it count as a stranger's, until the worker
    /// says hello again.
    mutating func cut(_ worker: WorkerID) {
        if let session = peers[worker]?.session { workers[session] = nil }
        peers[worker]?.session = nil
    }

    mutating func remove(_ worker: WorkerID) {
        cut(worker)
        if let place = peers[worker]?.machine.place { neighbours[place]?.remove(worker) }
        peers[worker] = nil
    }

    func worker(behind session: Session) -> WorkerID? { workers[session] }

    func session(of worker: WorkerID) -> Session? { peers[worker]?.session }

    /// The workers that share the machine's processors, whether they are alive or not.
    func neighbours(on machine: Machine) -> Set<WorkerID> { neighbours[machine.place] ?? [] }

    /// The worker is given the task by the assignment of this number.
    mutating func note(_ number: UInt64, of task: TaskID, to worker: WorkerID) {
        peers[worker]?.assigned[task] = number
    }

    /// Whether the worker was given the task in this session, rather than having said that it holds it.
    func wasGiven(_ task: TaskID, to worker: WorkerID) -> Bool {
        peers[worker]?.assigned[task] != nil
    }

    /// Whether a worker that has received the assignments up to number `seen` knows that it was given the
    /// task. A task that it brought along, with its hello, has no number, and it knows of that.
    func knows(_ worker: WorkerID, of task: TaskID, seen: UInt64) -> Bool {
        (peers[worker]?.assigned[task] ?? 0) <= seen
    }

    /// Forgets the assignments' numbers of all tasks but these.
    mutating func keepNumbers(of tasks: [TaskID], by worker: WorkerID) {
        guard let peer = peers[worker], peer.assigned.count > tasks.count else { return }
        let tasks = Set(tasks)
        peers[worker]!.assigned = peer.assigned.filter { tasks.contains($0.key) }
    }

    /// The worker asks for bytes of one of the sweep's files.
    ///
    /// - Returns: whether it may; not if it has asked for them in this session.
    mutating func note(_ need: DataNeed, of worker: WorkerID) -> Bool {
        guard let peer = peers[worker], need.offset >= peer.unsentFrom[need.digest] ?? 0 else {
            return false
        }
        peers[worker]!.need = need
        peers[worker]!.unsentFrom[need.digest] = need.offset + 1
        return true
    }

    /// What the worker waits for, which is being sent now.
    mutating func takeNeed(of worker: WorkerID) -> DataNeed? {
        defer { peers[worker]?.need = nil }
        return peers[worker]?.need
    }

    /// Notes that the process has ended, since another process may get its number.
    ///
    /// - Returns: the worker that ran in it; nil if none is known.
    mutating func noteEnd(host: String, pid: Int32) -> WorkerID? {
        let ended = peers.first { _, peer in
            !peer.hasEnded && peer.machine.host == host && peer.machine.pid == pid
        }
        guard let (worker, _) = ended else { return nil }
        peers[worker]!.hasEnded = true
        return worker
    }
}
